/** Returns the result of `read` for the arguments. Ends the process if they are wrong or ask for help. */
export function commandLine(read, help) {
  let options;
  try {
    options = read(process.argv.slice(2));
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

export function wholeNumber(name, text) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new TypeError(`--${name}: ${text} is not a whole number above 0`);
  }
  return value;
}

export function positive(name, text) {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new TypeError(`--${name}: ${text} is not a number above 0`);
  }
  return value;
}

export function oneOf(name, text, names) {
  if (!names.includes(text)) {
    throw new TypeError(`--${name}: there is no ${text}; use ${names.join(", ")}`);
  }
  return text;
}
