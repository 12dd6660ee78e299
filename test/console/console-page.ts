import type { Page } from "puppeteer-core";
import { expect, vi } from "vitest";

/** A page of the console, used as a person does: by the names of its controls. */
export class ConsolePage implements AsyncDisposable {
  /** The errors and warnings of the page, such as those about CORS. */
  readonly complaints: string[] = [];
  readonly #expected: RegExp[] = [];

  constructor(
    readonly page: Page,
    siteUrl: string,
  ) {
    // The login page of the tests complains about its fonts.
    const complain = (text: string): void => {
      if (page.url().startsWith(siteUrl)) {
        this.complaints.push(text);
      }
    };
    page.setDefaultTimeout(10_000);
    page.on("console", (message) => {
      if (["error", "warn", "assert"].includes(message.type())) {
        complain(`${message.type()}: ${message.text()}`);
      }
    });
    page.on("pageerror", (error) => complain(String(error)));
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "failed";
      // A client that has read the trailers of a response does not wait for the end of its body.
      if (reason !== "net::ERR_ABORTED") {
        complain(`${request.url()}: ${reason}`);
      }
    });
  }

  /** Lets a later complaint pass, such as that about a call that the test makes fail. The page must complain about it. */
  expectComplaint(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** Clicks the control with this accessible name. */
  async click(name: string, role = "button"): Promise<void> {
    await this.page.locator(control(name, role)).click();
  }

  /** Replaces the text of the control with this accessible name. */
  async fill(name: string, value: string, role = "textbox"): Promise<void> {
    await this.#replaceText(control(name, role), value);
  }

  /** Replaces the text of a field in the form of a provider, such as `clientId`. */
  async fillField(name: string, value: string): Promise<void> {
    await this.#replaceText(`#field-${name}`, value);
  }

  async #replaceText(selector: string, value: string): Promise<void> {
    const element = await this.page.waitForSelector(selector);
    await element?.focus();
    await element?.evaluate((each) => (each as HTMLInputElement).select());
    await this.page.keyboard.press("Backspace");
    await this.page.keyboard.sendCharacter(value);
  }

  /** Chooses an option by its value. */
  async select(name: string, value: string): Promise<void> {
    const element = await this.page.waitForSelector(control(name, "combobox"));
    await element?.select(value);
  }

  /** Waits until the page shows a text. */
  async waitForText(text: string): Promise<void> {
    await vi.waitFor(async () => expect(await this.text()).toContain(text), { timeout: 10_000 });
  }

  /** Returns the text that the page shows. */
  async text(): Promise<string> {
    return await this.page.evaluate(() => document.body.innerText);
  }

  /** Waits until the list shows exactly these providers. */
  async expectProviders(...names: string[]): Promise<void> {
    await vi.waitFor(async () => expect(await this.providers()).toEqual(names), {
      timeout: 10_000,
    });
  }

  /** Returns the names in the list. */
  async providers(): Promise<string[]> {
    return await this.page.$$eval("ul.providers h3", (all) => all.map((each) => each.innerText));
  }

  /** Waits until the switch of a provider is on or off. */
  async expectSwitch(name: string, isOn: boolean): Promise<void> {
    const switchName = `Show ${name} on the login page`;
    await vi.waitFor(async () => expect(await this.isChecked(switchName)).toBe(isOn), {
      timeout: 10_000,
    });
  }

  /** Returns true if a switch or checkbox is on. */
  async isChecked(name: string, role = "switch"): Promise<boolean> {
    return await this.page.$eval(
      control(name, role),
      (element) => (element as HTMLInputElement).checked,
    );
  }

  /** Returns true if a control cannot be used. */
  async isDisabled(name: string, role = "switch"): Promise<boolean> {
    return await this.page.$eval(
      control(name, role),
      (element) => (element as HTMLInputElement).disabled,
    );
  }

  /** Waits until a dialog is open or closed. */
  async expectDialog(isOpen: boolean): Promise<void> {
    await vi.waitFor(
      async () => expect((await this.page.$$("dialog[open]")).length).toBe(isOpen ? 1 : 0),
      { timeout: 10_000 },
    );
  }

  /** Returns the accessible description of an input: its problems and its help. */
  async description(selector: string): Promise<string> {
    return await this.page.$eval(selector, (element) => {
      const id = element.getAttribute("aria-describedby") ?? "";
      return document.getElementById(id)?.innerText ?? "";
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.browserContext().close();
    const unexpected = this.complaints.filter(
      (text) => !this.#expected.some((each) => each.test(text)),
    );
    expect(unexpected).toEqual([]);
    for (const pattern of this.#expected) {
      expect(this.complaints.some((text) => pattern.test(text))).toBe(true);
    }
  }
}

/** Returns the selector of a control by its accessible name and role. */
function control(name: string, role: string): string {
  return `::-p-aria([name="${name}"][role="${role}"])`;
}
