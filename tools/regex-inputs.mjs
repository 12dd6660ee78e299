// Creates inputs that take a regular expression long to search if its time is not linear.

/** Characters of all kinds that expressions distinguish. */
const pool = [
  ..."aAzZeE0159_-.:/\\\"'`~!@#$%^&*()+=[]{}<>,;|? ",
  ..."\t\n\r\0\x1f\x7f\u0085\u00a0\u00e9\u0130\u2028\u200f\ud83d\ud800\ufeff",
];

/** The maximum number of pieces of which all pairs are tried. */
const maxPairs = 8;

/** Yields texts of `length` characters: beginnings of a match, repetitions of its parts, and an end that does not match. */
export function* inputsFor({ pattern, flags }, length) {
  const { pieces, heads } = partsOf(pattern, flags);
  const pairs = pieces
    .slice(0, maxPairs)
    .flatMap((a) => pieces.slice(0, maxPairs).map((b) => a + b));
  const pumps = new Set([
    ...pieces,
    ...pairs,
    ...heads,
    ...heads.map((head) => `${head}-`),
    "a",
    " ",
    "\n",
    "\0",
    "\u00e9",
  ]);
  pumps.delete("");
  const seen = new Set();
  for (const pump of pumps) {
    for (const head of ["", ...heads]) {
      for (const tail of ["", "\0"]) {
        const count = Math.ceil((length - head.length - tail.length) / pump.length);
        const key = `${head}\n${pump}\n${tail}`;
        if (!seen.has(key) && (head === "" || head.length < 200)) {
          seen.add(key);
          yield (head + pump.repeat(Math.max(1, count))).slice(0, length - tail.length) + tail;
        }
      }
    }
  }
}

/**
 * Splits an expression. Returns `pieces`, texts for each atom, each group and each repeated part, and `heads`, texts that match
 * the expression up to each of its parts.
 */
function partsOf(pattern, flags) {
  const pieces = new Set();
  const heads = new Set();
  let at = 0;
  const charFlags = flags.replace(/[gmy]/g, "");

  /** Returns texts that the alternatives match, from the next character up to `)` or the end. */
  function parseAlternatives(before) {
    const texts = [];
    for (;;) {
      texts.push(parseSequence(before));
      if (pattern[at] !== "|") {
        return texts;
      }
      at++;
    }
  }

  function parseSequence(before) {
    let text = "";
    while (at < pattern.length && pattern[at] !== "|" && pattern[at] !== ")") {
      const samples = parseTerm(before + text);
      samples.forEach((sample) => pieces.add(sample));
      heads.add(before + text);
      const [first = ""] = samples;
      text += applyQuantifier(first);
    }
    heads.add(before + text);
    pieces.add(text);
    return text;
  }

  function applyQuantifier(sample) {
    const [quantifier = "", least = ""] =
      /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(pattern.slice(at)) ?? [];
    at += quantifier.length;
    return sample.repeat(least === "" ? 1 : Math.min(Number(least), 40));
  }

  function parseTerm(before) {
    const char = pattern[at];
    if (char === "(") {
      const [open] = /^\((?:\?(?:[:=!]|<[=!]|<\w+>))?/.exec(pattern.slice(at));
      at += open.length;
      const samples = parseAlternatives(/[=!]$/.test(open) ? "" : before);
      at++;
      samples.forEach((sample) => pieces.add(sample));
      return open === "(?!" || open === "(?<!" ? [""] : samples;
    }
    const [atom] =
      /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}|[pP]\{\w+\}|.)|[^])/iu.exec(
        pattern.slice(at),
      );
    at += atom.length;
    if (/^(?:\^|\$|\\[bB1-9])$/.test(atom)) {
      return [""];
    }
    const matcher = new RegExp(`^${atom}$`, charFlags.includes("s") ? charFlags : `${charFlags}s`);
    const literal = atom.length === 1 && atom !== "." ? [atom] : [];
    const fitting = [...literal, ...pool].filter((each) => matcher.test(each));
    // A character that does not match ends a run of characters that do.
    const [other = ""] = pool.filter((each) => !matcher.test(each));
    pieces.add(other);
    return fitting.length > 0 ? fitting.slice(0, 3) : [sampleOfEscape(atom)];
  }

  parseAlternatives("");
  return {
    pieces: [...pieces].filter((each) => each !== ""),
    heads: [...heads].filter((each) => each !== ""),
  };
}

function sampleOfEscape(atom) {
  const code = /^\\(?:u\{?|x)([\da-f]+)/i.exec(atom)?.[1];
  return code === undefined ? "" : String.fromCodePoint(Number.parseInt(code, 16));
}
