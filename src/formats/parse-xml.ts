/**
 * An element with the parts that ZITADEL reads: its name, attributes and child elements. Text content is checked, then dropped.
 */
export interface XmlElement {
  /** The namespace. If the prefix is not declared, the prefix itself. */
  readonly namespace: string;
  readonly name: string;
  /** The values by local name. If two attributes have the same local name, the last one counts. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
}

/** A violation of the rules of XML, with its line. */
export class XmlError extends Error {
  constructor(message: string, text: string, index: number) {
    super(`line ${text.slice(0, index).split("\n").length}: ${message}`);
    this.name = "XmlError";
  }
}

/**
 * Reads the root element like Go's `encoding/xml`, with which ZITADEL reads SAML metadata. Throws an `XmlError`.
 *
 * Go is laxer than XML in some places: it accepts text before the root, repeated attributes and undeclared prefixes, and
 * ignores everything after the root. It is stricter in others: it accepts only XML 1.0 in UTF-8, and only the five entities
 * that XML defines.
 */
export function parseXml(text: string): XmlElement {
  const open: OpenElement[] = [];
  let index = 0;
  const fail = (message: string, at = index): never => {
    throw new XmlError(message, text, at);
  };
  /** Moves past the next occurrence of a mark and returns the text before the mark. */
  const until = (mark: string, what: string): string => {
    const at = text.indexOf(mark, index);
    const found = text.slice(index, at < 0 ? fail(`${what} is not closed`) : at);
    index = at + mark.length;
    return found;
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = index;
    const found = pattern.exec(text)?.[0];
    index += found?.length ?? 0;
    return found;
  };
  const nameAfter = (mark: string): string => {
    const name = match(namePattern) ?? "";
    return isName(name) ? name : fail(`a name is expected after ${mark}`);
  };
  /** Checks the characters of a text or attribute and resolves its references. */
  const checked = (raw: string, at: number): string =>
    resolveReferences(raw, (message) => fail(message, at));

  const startTag = (): XmlElement | undefined => {
    const tag = nameAfter("<");
    const attributes: [string, string][] = [];
    for (;;) {
      match(blanks);
      const mark = match(/\/?>/y);
      if (mark !== undefined) {
        const element = openElement(tag, attributes, open.at(-1));
        open.at(-1)?.children.push(element);
        if (mark === ">") {
          open.push(element);
          return undefined;
        }
        return open.length === 0 ? element : undefined;
      }
      const name = nameAfter(`<${printableName(tag)}`);
      match(blanks);
      if (match(/=/y) === undefined) {
        fail(`attribute ${printableName(name)} has no value`);
      }
      match(blanks);
      const quote = match(/["']/y) ?? fail(`the value of ${printableName(name)} needs quotes`);
      const at = index;
      const value = until(quote, `the value of ${printableName(name)}`);
      if (value.includes("<")) {
        fail(`the value of ${printableName(name)} holds <, which must be &lt;`, at);
      }
      attributes.push([name, checked(value, at)]);
    }
  };

  const endTag = (): XmlElement | undefined => {
    const tag = nameAfter("</");
    match(blanks);
    if (match(/>/y) === undefined) {
      fail(`</${printableName(tag)} is not closed`);
    }
    const element = open.pop();
    if (element?.tag !== tag) {
      fail(`</${printableName(tag)}> closes nothing that is open`);
    }
    return open.length === 0 ? element : undefined;
  };

  for (;;) {
    const at = index;
    const next = text.indexOf("<", index);
    const between = text.slice(index, next < 0 ? text.length : next);
    if (between.includes("]]>")) {
      fail("]]> ends no CDATA section");
    }
    checked(between, at);
    if (next < 0) {
      return fail(open.length > 0 ? "the text is cut off" : "there is no element", text.length);
    }
    index = next + 1;
    let root: XmlElement | undefined;
    if (match(/!--/y) !== undefined) {
      until("--", "a comment");
      if (match(/>/y) === undefined) {
        fail("a comment holds --");
      }
    } else if (match(/!\[CDATA\[/y) !== undefined) {
      checkCharacters(until("]]>", "a CDATA section"), (message) => fail(message));
    } else if (match(/!/y) !== undefined) {
      index = directiveEnd(text, index) ?? fail("<! is not closed");
    } else if (match(/\?/y) !== undefined) {
      checkInstruction(nameAfter("<?"), until("?>", "<?"), (message) => fail(message, at));
    } else {
      root = match(/\//y) === undefined ? startTag() : endTag();
    }
    if (root !== undefined) {
      return root;
    }
  }
}

interface OpenElement extends XmlElement {
  /** The name as written, with its prefix. */
  readonly tag: string;
  readonly children: XmlElement[];
  /** The namespaces by their prefix. The default namespace has the prefix "". */
  readonly prefixes: Map<string, string>;
}

type Fail = (message: string) => never;

const blanks = /[ \t\r\n]*/y;
const namePattern = /[\w:.\-\u0080-\u{10ffff}]+/uy;

function isName(text: string): boolean {
  return /^[\p{L}_:][\p{L}\p{N}\p{M}\p{Pc}\u00b7_:.-]*$/u.test(text) && text.split(":").length <= 2;
}

/** Shortens a name for messages, which may reach a terminal. */
function printableName(name: string): string {
  return name.slice(0, 40);
}

function openElement(
  tag: string,
  given: readonly (readonly [string, string])[],
  parent: OpenElement | undefined,
): OpenElement {
  const declares = given.some(([name]) => name.startsWith("xmlns"));
  const prefixes = declares || parent === undefined ? new Map(parent?.prefixes) : parent.prefixes;
  const attributes = new Map<string, string>();
  for (const [name, value] of given) {
    const [prefix, local] = split(name);
    if (prefix === "xmlns" || name === "xmlns") {
      prefixes.set(prefix === "xmlns" ? local : "", value);
    }
    attributes.set(local, value);
  }
  const [prefix, name] = split(tag);
  const namespace = prefixes.get(prefix) ?? prefix;
  return { tag, name, namespace, attributes, children: [], prefixes };
}

function split(name: string): [prefix: string, local: string] {
  const [prefix = "", local = ""] = name.split(":");
  return prefix === "" || local === "" ? ["", name] : [prefix, local];
}

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  apos: "'",
  quot: '"',
};

function resolveReferences(raw: string, fail: Fail): string {
  const text = raw.includes("&")
    ? raw.replace(/&(?:#x([0-9a-fA-F]+);|#([0-9]+);|([^\s;&<]+);)?/g, (_, hex, decimal, name) => {
        const number = hex === undefined ? Number(decimal) : parseInt(String(hex), 16);
        return number <= 0x10ffff
          ? String.fromCodePoint(number)
          : (entities[String(name)] ?? fail("& is no reference that XML knows; & itself is &amp;"));
      })
    : raw;
  checkCharacters(text, fail);
  return text;
}

function checkCharacters(text: string, fail: Fail): void {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)) {
    fail("a character is not allowed in XML");
  }
}

/** Checks the XML declaration. Other processing instructions may hold anything. */
function checkInstruction(target: string, content: string, fail: Fail): void {
  if (target !== "xml") {
    return;
  }
  const value = (attribute: RegExp): string => {
    const [, doubleQuoted, quoted] = attribute.exec(content) ?? [];
    return doubleQuoted ?? quoted ?? "";
  };
  const version = value(/(?:^|[ \t\r\n])version=(?:"([^"]*)"|'([^']*)')/);
  if (!["", "1.0"].includes(version)) {
    fail("the version of XML must be 1.0");
  }
  const encoding = value(/(?:^|[ \t\r\n])encoding=(?:"([^"]*)"|'([^']*)')/);
  if (!["", "utf-8"].includes(encoding.toLowerCase())) {
    fail("the encoding must be UTF-8: convert the file, and change its first line");
  }
}

/**
 * Returns the index after a directive such as `<!DOCTYPE …>`. A directive may contain quotes, comments and other directives.
 */
function directiveEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const char = text[index];
    if (char === '"' || char === "'") {
      index = text.indexOf(char, index + 1);
    } else if (text.startsWith("<!--", index)) {
      index = text.indexOf("-->", index) + 2;
    } else if (char === "<") {
      depth++;
    } else if (char === ">" && depth-- === 0) {
      return index + 1;
    }
    if (index < start) {
      return undefined;
    }
  }
  return undefined;
}
