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
 * Parses the root element like Go's `encoding/xml`, with which ZITADEL reads SAML metadata. Throws an `XmlError`.
 *
 * Go is laxer than XML in some places: it accepts text before the root, repeated attributes and undeclared prefixes, and
 * ignores everything after the root. It is stricter in others: it accepts only XML 1.0 in UTF-8, and only the five entities
 * that XML defines.
 */
export function parseXml(text: string): XmlElement {
  return new XmlParser(text).parse();
}

/** A parser of one text. Each method parses one construct of XML and moves behind it. */
class XmlParser {
  #text: string;
  #index = 0;
  /** The elements that are not closed yet, the outermost first. */
  #open: OpenElement[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Parses up to the end of the root element. */
  parse(): XmlElement {
    for (;;) {
      const start = this.#index;
      this.#parseCharacters();
      const root = this.#parseMarkup(start);
      if (root !== undefined) {
        return root;
      }
    }
  }

  /** Parses the text before the next `<`, and the `<`. */
  #parseCharacters(): void {
    const start = this.#index;
    const next = this.#text.indexOf("<", start);
    const characters = this.#text.slice(start, next < 0 ? this.#text.length : next);
    if (characters.includes("]]>")) {
      this.#fail("]]> ends no CDATA section");
    }
    this.#resolveReferences(characters, start);
    if (next < 0) {
      const problem = this.#open.length > 0 ? "the text is cut off" : "there is no element";
      this.#fail(problem, this.#text.length);
    }
    this.#index = next + 1;
  }

  /** Parses what follows a `<`. Returns the root element if it ends here. `start` is the index for errors. */
  #parseMarkup(start: number): XmlElement | undefined {
    if (this.#match(/!--/y) !== undefined) {
      this.#parseComment();
    } else if (this.#match(/!\[CDATA\[/y) !== undefined) {
      checkCharacters(this.#readUntil("]]>", "a CDATA section"), (message) => this.#fail(message));
    } else if (this.#match(/!/y) !== undefined) {
      this.#index = findDirectiveEnd(this.#text, this.#index) ?? this.#fail("<! is not closed");
    } else if (this.#match(/\?/y) !== undefined) {
      const target = this.#parseName("<?");
      checkInstruction(target, this.#readUntil("?>", "<?"), (message) =>
        this.#fail(message, start),
      );
    } else {
      return this.#match(/\//y) === undefined ? this.#parseStartTag() : this.#parseEndTag();
    }
    return undefined;
  }

  #parseComment(): void {
    this.#readUntil("--", "a comment");
    if (this.#match(/>/y) === undefined) {
      this.#fail("a comment holds --");
    }
  }

  /** Returns the root element if it is empty. */
  #parseStartTag(): XmlElement | undefined {
    const tag = this.#parseName("<");
    const attributes: Attribute[] = [];
    for (;;) {
      this.#match(blanks);
      const mark = this.#match(/\/?>/y);
      if (mark === undefined) {
        attributes.push(this.#parseAttribute(tag));
        continue;
      }
      const parent = this.#open.at(-1);
      const element = createElement(tag, attributes, parent);
      parent?.children.push(element);
      if (mark === ">") {
        this.#open.push(element);
        return undefined;
      }
      return parent === undefined ? element : undefined;
    }
  }

  #parseAttribute(tag: string): Attribute {
    const name = this.#parseName(`<${shortenName(tag)}`);
    this.#match(blanks);
    if (this.#match(/=/y) === undefined) {
      this.#fail(`attribute ${shortenName(name)} has no value`);
    }
    this.#match(blanks);
    const quote =
      this.#match(/["']/y) ?? this.#fail(`the value of ${shortenName(name)} needs quotes`);
    const start = this.#index;
    const value = this.#readUntil(quote, `the value of ${shortenName(name)}`);
    if (value.includes("<")) {
      this.#fail(`the value of ${shortenName(name)} holds <, which must be &lt;`, start);
    }
    return [name, this.#resolveReferences(value, start)];
  }

  /** Returns the root element if its end tag is the one. */
  #parseEndTag(): XmlElement | undefined {
    const tag = this.#parseName("</");
    this.#match(blanks);
    if (this.#match(/>/y) === undefined) {
      this.#fail(`</${shortenName(tag)} is not closed`);
    }
    const element = this.#open.pop();
    if (element?.tag !== tag) {
      this.#fail(`</${shortenName(tag)}> closes nothing that is open`);
    }
    return this.#open.length === 0 ? element : undefined;
  }

  #parseName(before: string): string {
    const name = this.#match(namePattern) ?? "";
    return isName(name) ? name : this.#fail(`a name is expected after ${before}`);
  }

  /** Matches a sticky expression at the current index. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#index;
    const found = pattern.exec(this.#text)?.[0];
    this.#index += found?.length ?? 0;
    return found;
  }

  /** Moves behind the next occurrence of `mark` and returns the text before it. */
  #readUntil(mark: string, construct: string): string {
    const end = this.#text.indexOf(mark, this.#index);
    const found = this.#text.slice(
      this.#index,
      end < 0 ? this.#fail(`${construct} is not closed`) : end,
    );
    this.#index = end + mark.length;
    return found;
  }

  /** Checks the characters of a text or an attribute and resolves its references. */
  #resolveReferences(raw: string, start: number): string {
    return resolveReferences(raw, (message) => this.#fail(message, start));
  }

  #fail(message: string, index: number = this.#index): never {
    throw new XmlError(message, this.#text, index);
  }
}

type Attribute = readonly [name: string, value: string];

interface OpenElement extends XmlElement {
  /** The name as written, with its prefix. */
  readonly tag: string;
  readonly children: XmlElement[];
  /** The namespaces by their prefix. The default namespace has the prefix "". */
  readonly prefixes: Map<string, string>;
}

type ThrowXmlError = (message: string) => never;

const blanks = /[ \t\r\n]*/y;
const namePattern = /[\w:.\-\u0080-\u{10ffff}]+/uy;

function isName(text: string): boolean {
  return /^[\p{L}_:][\p{L}\p{N}\p{M}\p{Pc}\u00b7_:.-]*$/u.test(text) && text.split(":").length <= 2;
}

/** Shortens a name for messages. */
function shortenName(name: string): string {
  return name.slice(0, 40);
}

function createElement(
  tag: string,
  attributesAsWritten: readonly Attribute[],
  parent: OpenElement | undefined,
): OpenElement {
  const declares = attributesAsWritten.some(([name]) => name.startsWith("xmlns"));
  const prefixes = declares || parent === undefined ? new Map(parent?.prefixes) : parent.prefixes;
  const attributes = new Map<string, string>();
  for (const [name, value] of attributesAsWritten) {
    const [prefix, local] = splitPrefix(name);
    if (prefix === "xmlns" || name === "xmlns") {
      prefixes.set(prefix === "xmlns" ? local : "", value);
    }
    attributes.set(local, value);
  }
  const [prefix, name] = splitPrefix(tag);
  const namespace = prefixes.get(prefix) ?? prefix;
  return { tag, name, namespace, attributes, children: [], prefixes };
}

function splitPrefix(name: string): [prefix: string, local: string] {
  const [prefix = "", local = ""] = name.split(":");
  return prefix === "" || local === "" ? ["", name] : [prefix, local];
}

const xmlEntities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  apos: "'",
  quot: '"',
};

function resolveReferences(raw: string, fail: ThrowXmlError): string {
  const text = raw.includes("&")
    ? raw.replace(/&(?:#x([0-9a-fA-F]+);|#([0-9]+);|([^\s;&<]+);)?/g, (_, hex, decimal, name) => {
        const number = hex === undefined ? Number(decimal) : parseInt(String(hex), 16);
        return number <= 0x10ffff
          ? String.fromCodePoint(number)
          : (xmlEntities[String(name)] ??
              fail("& is no reference that XML knows; & itself is &amp;"));
      })
    : raw;
  checkCharacters(text, fail);
  return text;
}

function checkCharacters(text: string, fail: ThrowXmlError): void {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)) {
    fail("a character is not allowed in XML");
  }
}

/** Checks the XML declaration. Other processing instructions may hold anything. */
function checkInstruction(target: string, content: string, fail: ThrowXmlError): void {
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
function findDirectiveEnd(text: string, start: number): number | undefined {
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
