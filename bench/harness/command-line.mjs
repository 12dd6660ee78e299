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

export function parseInteger(name, text) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new TypeError(`--${name}: ${text} is not an integer above 0`);
  }
  return value;
}

export function parsePositive(name, text) {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new TypeError(`--${name}: ${text} is not a number above 0`);
  }
  return value;
}

export function parseChoice(name, text, names) {
  if (!names.includes(text)) {
    throw new TypeError(`--${name}: unknown value ${text}; use ${names.join(", ")}`);
  }
  return text;
}
