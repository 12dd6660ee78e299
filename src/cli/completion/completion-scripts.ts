import type { CompletableCommand, CompletableOption } from "./describe-commands.js";

type CommandList = readonly CompletableCommand[];

/** The generators of completion scripts. A script contains all commands and options, so completing does not start the program. */
export const completionScripts: Readonly<
  Record<"bash" | "zsh" | "fish", (commands: CommandList) => string>
> = {
  bash: createBashScript,
  zsh: createZshScript,
  fish: createFishScript,
};

function createBashScript(commands: CommandList): string {
  const names = commands.map(({ name }) => name).join(" ");
  const perCommand = commands.map(
    ({ name, options, choices }) =>
      `    ${name}) words="${[...choices, ...options.flatMap(listSpellings)].join(" ")}" ;;`,
  );
  const perOption = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .flatMap((option) =>
        listSpellings(option).map(
          (flag) => `    "${name} ${flag}") words="${option.choices.join(" ")}"; values=1 ;;`,
        ),
      ),
  );
  return `# eval "$(zitadel-idp completion bash)" in .bashrc
_zitadel_idp() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}" words="" values=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names}" -- "$current"))
    return
  fi
  case "$command $previous" in
${perOption.join("\n")}
  esac
  if [ -z "$values" ]; then
    case "$command" in
${perCommand.map((line) => `  ${line}`).join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _zitadel_idp zitadel-idp
`;
}

function createZshScript(commands: CommandList): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const escapeDescription = (text: string): string =>
    text.replace(/[[\]:\\]/g, (char) => `\\${char}`);
  const formatArgument = ({ takesValue, choices }: CompletableOption): string =>
    !takesValue ? "" : choices.length > 0 ? `:value:(${choices.join(" ")})` : ":value:_files";
  const perCommand = commands.map(({ name, options, choices }) =>
    [
      `    ${name})`,
      `      _arguments \\`,
      ...options.flatMap((option) =>
        listSpellings(option).map(
          (flag) =>
            `        ${quote(`*${flag}[${escapeDescription(option.description)}]${formatArgument(option)}`)} \\`,
        ),
      ),
      `        ${quote(choices.length > 0 ? `1:value:(${choices.join(" ")})` : "*:value:_files")}`,
      "      ;;",
    ].join("\n"),
  );
  return `#compdef zitadel-idp
# eval "$(zitadel-idp completion zsh)" in .zshrc, behind compinit
_zitadel_idp() {
  local -a commands=(
${commands.map(({ name, description }) => `    ${quote(`${name}:${escapeDescription(description)}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${perCommand.join("\n")}
  esac
}
compdef _zitadel_idp zitadel-idp
`;
}

function createFishScript(commands: CommandList): string {
  const quote = (text: string): string => `'${text.replace(/['\\]/g, (char) => `\\${char}`)}'`;
  const lines = commands.flatMap(({ name, description, options, choices }) => {
    const within = `complete -c zitadel-idp -n ${quote(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `complete -c zitadel-idp -f -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
      ...(choices.length > 0 ? [`${within} -f -a ${quote(choices.join(" "))}`] : []),
      ...options.map((option) =>
        [
          within,
          ...(option.short === undefined ? [] : ["-s", option.short.slice(1)]),
          "-l",
          option.long.slice(2),
          ...(option.choices.length > 0
            ? ["-x", "-a", quote(option.choices.join(" "))]
            : option.takesValue
              ? ["-r"]
              : []),
          "-d",
          quote(option.description),
        ].join(" "),
      ),
    ];
  });
  return `# zitadel-idp completion fish > ~/.config/fish/completions/zitadel-idp.fish\n${lines.join("\n")}\n`;
}

function listSpellings({ long, short }: CompletableOption): string[] {
  return short === undefined ? [long] : [short, long];
}
