/** Returns the result of `readOptions` for the arguments. Ends the process if they are invalid or ask for help. */
export function readCommandLine(readOptions, help) {
  let options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
  if (options.help) {
    console.log(help);
    process.exit();
  }
  return options;
}

/** Parses an option. Throws a TypeError for anything but a whole number above 0. */
export function parseInteger(name, text) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new TypeError(`--${name}: ${text} is not a whole number above 0`);
  }
  return value;
}

/** Parses an option. Throws a TypeError for anything but a number above 0. */
export function parsePositive(name, text) {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new TypeError(`--${name}: ${text} is not a number above 0`);
  }
  return value;
}

/** Returns the value of an option. Throws a TypeError if it is not one of `names`. */
export function parseChoice(name, text, names) {
  if (!names.includes(text)) {
    throw new TypeError(`--${name}: unknown value ${text}; use ${names.join(", ")}`);
  }
  return text;
}
