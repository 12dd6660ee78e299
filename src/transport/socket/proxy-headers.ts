/** Returns the headers that authenticate to a proxy with the user name and password in its URL, which are percent-encoded there. */
export function createProxyHeaders({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === "" && password === "") {
    return {};
  }
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}
