import { isXmlName } from "./is-xml-name.js";

/** An element with the parts that ZITADEL reads: its name, attributes, child elements and text. */
export interface XmlElement {
  /** The namespace. If the prefix is not declared, the prefix itself. */
  readonly namespace: string;
  readonly name: string;
  /** The attributes by their local names, in order. A name may occur more than once. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** The text directly inside the element, without that of its child elements. */
  readonly text: string;
}

type XmlAttribute = readonly [name: string, value: string];

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
 * that XML defines. It does not check the contents of comments, directives and processing instructions.
 *
 * `text` has `invalidByte` in place of each byte that is not UTF-8.
 */
export function parseXml(text: string): XmlElement {
  return new XmlParser(text).parse();
}

/** The stand-in for a byte that is not UTF-8: half of a surrogate pair, which no valid text contains. */
export const invalidByte = "\udfff";

/** A parser of one text. Each method parses one construct of XML and moves to the index after the construct. */
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
      this.#fail("]]> is outside of a CDATA section");
    }
    this.#addText(this.#resolveReferences(characters, start));
    if (next < 0) {
      const problem = this.#open.length > 0 ? "the text is cut off" : "there is no element";
      this.#fail(problem, this.#text.length);
    }
    this.#index = next + 1;
  }

  /** Parses the markup after a `<`. Returns the root element if the markup ends the root. `start` is an index for errors. */
  #parseMarkup(start: number): XmlElement | undefined {
    if (this.#match(/!--/y) !== undefined) {
      this.#parseComment();
    } else if (this.#match(/!\[CDATA\[/y) !== undefined) {
      const characters = this.#readUntil("]]>", "a CDATA section");
      checkCharacters(characters, (message) => this.#fail(message));
      this.#addText(characters);
    } else if (this.#match(/![-[]/y) !== undefined) {
      this.#fail("<! begins neither a comment nor a CDATA section");
    } else if (this.#match(/!/y) !== undefined) {
      this.#index = findDirectiveEnd(this.#text, this.#index) ?? this.#fail("<! is not closed");
    } else if (this.#match(/\?/y) !== undefined) {
      const target = this.#parseName("<?", "target");
      this.#match(blanks);
      checkInstruction(target, this.#readUntil("?>", "<?"), (message) =>
        this.#fail(message, start),
      );
    } else {
      return this.#match(/\//y) === undefined ? this.#parseStartTag() : this.#parseEndTag();
    }
    return undefined;
  }

  /** Adds text to the innermost open element. Text outside of the root is dropped. */
  #addText(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) {
      element.text += text;
    }
  }

  #parseComment(): void {
    this.#readUntil("--", "a comment");
    if (this.#match(/>/y) === undefined) {
      this.#fail("a comment contains --");
    }
  }

  /** Parses a start tag or the tag of an empty element. Returns the element if it is an empty root. */
  #parseStartTag(): XmlElement | undefined {
    const tag = this.#parseName("<");
    const attributes: XmlAttribute[] = [];
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

  #parseAttribute(tag: string): XmlAttribute {
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
      this.#fail(`the value of ${shortenName(name)} contains <, which must be &lt;`, start);
    }
    return [name, this.#resolveReferences(value, start)];
  }

  /** Parses an end tag. Returns the root element if the tag ends the root. */
  #parseEndTag(): XmlElement | undefined {
    const tag = this.#parseName("</");
    this.#match(blanks);
    if (this.#match(/>/y) === undefined) {
      this.#fail(`</${shortenName(tag)} is not closed`);
    }
    const element = this.#open.pop();
    if (element?.tag !== tag) {
      this.#fail(`</${shortenName(tag)}> closes no open element`);
    }
    return this.#open.length === 0 ? element : undefined;
  }

  /** Parses a name. Only the target of a processing instruction may have several colons. */
  #parseName(before: string, kind?: "target"): string {
    const name = this.#match(namePattern) ?? "";
    const isValid = isXmlName(name) && (kind === "target" || name.split(":").length <= 2);
    return isValid ? name : this.#fail(`a name is expected after ${before}`);
  }

  /** Matches a sticky expression at the current index. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#index;
    const found = pattern.exec(this.#text)?.[0];
    this.#index += found?.length ?? 0;
    return found;
  }

  /** Returns the text before the next `mark`, and moves to the index after the mark. */
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

interface OpenElement extends XmlElement {
  /** The name as written, with its prefix. */
  readonly tag: string;
  readonly children: XmlElement[];
  text: string;
  /** The namespaces by their prefix. The default namespace has the prefix "". */
  readonly prefixes: Map<string, string>;
}

type ThrowXmlError = (message: string) => never;

const blanks = /[ \t\r\n]*/y;
const namePattern = /[\w:.\-\u0080-\u{10ffff}]+/uy;

/** Shortens a name for messages. */
function shortenName(name: string): string {
  return name.slice(0, 40);
}

function createElement(
  tag: string,
  attributesAsWritten: readonly XmlAttribute[],
  parent: OpenElement | undefined,
): OpenElement {
  const declares = attributesAsWritten.some(([name]) => name.startsWith("xmlns"));
  const prefixes = declares || parent === undefined ? new Map(parent?.prefixes) : parent.prefixes;
  const attributes: XmlAttribute[] = [];
  for (const [name, value] of attributesAsWritten) {
    const [prefix, local] = splitPrefix(name);
    if (prefix === "xmlns" || name === "xmlns") {
      prefixes.set(prefix === "xmlns" ? local : "", value);
    }
    attributes.push([local, value]);
  }
  const [prefix, name] = splitPrefix(tag);
  const namespace = (prefix === "xml" ? undefined : prefixes.get(prefix)) ?? prefix;
  return { tag, name, namespace, attributes, children: [], text: "", prefixes };
}

function splitPrefix(name: string): [prefix: string, local: string] {
  const [prefix = "", local = ""] = name.split(":");
  return prefix === "" || local === "" ? ["", name] : [prefix, local];
}

const xmlEntities: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["apos", "'"],
  ["quot", '"'],
]);

function resolveReferences(raw: string, fail: ThrowXmlError): string {
  const text = raw.includes("&")
    ? raw.replace(/&(?:#x([0-9a-fA-F]+);|#([0-9]+);|([^\s;&<]+);)?/g, (_, hex, decimal, name) => {
        const number = hex === undefined ? Number(decimal) : parseInt(String(hex), 16);
        return number <= 0x10ffff
          ? toCharacter(number)
          : (xmlEntities.get(String(name)) ??
              fail("& does not begin a reference that XML knows; write &amp; for & itself"));
      })
    : raw;
  checkCharacters(text, fail);
  return text;
}

/** Returns the character of a number. As in Go, half of a surrogate pair becomes the replacement character. */
function toCharacter(codePoint: number): string {
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return isSurrogate ? "\ufffd" : String.fromCodePoint(codePoint);
}

function checkCharacters(text: string, fail: ThrowXmlError): void {
  if (/\udfff/u.test(text)) {
    fail("the text is not UTF-8: convert the file");
  }
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)) {
    fail("a character is not allowed in XML");
  }
}

/** Checks the version and the encoding in an XML declaration. Other processing instructions may hold anything. */
function checkInstruction(target: string, content: string, fail: ThrowXmlError): void {
  if (target !== "xml") {
    return;
  }
  if (!["", "1.0"].includes(readDeclaredValue("version", content))) {
    fail("the version of XML must be 1.0");
  }
  if (!["", "utf-8"].includes(readDeclaredValue("encoding", content).toLowerCase())) {
    fail("the encoding must be UTF-8: convert the file, and change its first line");
  }
}

/** Returns the quoted value after the first `name=` that a quote follows, or "" if there is none. */
function readDeclaredValue(name: string, content: string): string {
  const mark = `${name}=`;
  let index = content.indexOf(mark);
  while (index >= 0) {
    const start = index + mark.length + 1;
    const quote = content[start - 1];
    if (quote === '"' || quote === "'") {
      const end = content.indexOf(quote, start);
      return end < 0 ? "" : content.slice(start, end);
    }
    index = content.indexOf(mark, start);
  }
  return "";
}

/**
 * Returns the index after a directive such as `<!DOCTYPE …>`. A directive may contain quotes, comments and other directives. Its
 * first character has no meaning.
 */
function findDirectiveEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let index = start + 1; index < text.length; index++) {
    const char = text[index];
    if (char === '"' || char === "'") {
      index = text.indexOf(char, index + 1);
    } else if (text.startsWith("<!--", index)) {
      index = text.indexOf("-->", index + "<!--".length) + 2;
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
