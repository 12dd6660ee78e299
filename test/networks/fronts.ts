import type { Network } from "./network.js";
import type { Certificates, Parts } from "./parts.js";
import type { Server } from "./server.js";

/** A server behind an nginx with TLS and a certificate of the private CA. */
export interface Front {
  readonly server: Server;
  readonly port: number;
}

/** Returns the nginx directives from ZITADEL's documentation that forward all requests to a server over HTTP/2 without TLS. */
export function grpcPass({ port }: Server, scheme: "http" | "https"): string[] {
  return [
    "location / {",
    `  grpc_pass grpc://127.0.0.1:${port};`,
    "  grpc_set_header Host $http_host;",
    `  grpc_set_header X-Forwarded-Proto ${scheme};`,
    "}",
  ];
}

/** Returns the nginx directives that set its certificate. */
export function certificateLines(
  { serverFiles }: Certificates,
  host: keyof Certificates["serverFiles"] = "localhost",
): string[] {
  const { cert, key } = serverFiles[host];
  return [`ssl_certificate ${cert};`, `ssl_certificate_key ${key};`];
}

/** Returns the environment of a client that trusts the private CA. */
export function trustByEnvironment({ caFile }: Certificates): { NODE_EXTRA_CA_CERTS: string } {
  return { NODE_EXTRA_CA_CERTS: caFile };
}

/** Networks with nginx between the client and the server. */
export const frontNetworks: readonly Network[] = [
  {
    id: "grpc-pass",
    name: "nginx, `grpc_pass`",
    setting: "TLS to nginx (`listen … ssl http2`), HTTP/2 to the server",
    async open(parts) {
      const server = await parts.startServer("localhost");
      return await openTlsFront(parts, server, grpcPass(server, "https"));
    },
  },
  {
    id: "proxy-pass",
    name: "nginx, `proxy_pass`",
    setting: "TLS to nginx (`listen … ssl http2`), HTTP/1.1 to the server",
    async open(parts) {
      const server = await parts.startServer("localhost");
      return await openTlsFront(parts, server, [
        "location / {",
        `  proxy_pass http://127.0.0.1:${server.port};`,
        "  proxy_http_version 1.1;",
        "  proxy_set_header Host $http_host;",
        "  proxy_set_header X-Forwarded-Proto https;",
        "}",
      ]);
    },
  },
  {
    id: "h2c",
    name: "front with HTTP/2 only, plain",
    setting: "nginx, `listen … http2` without TLS",
    async open(parts) {
      const server = await parts.startServer("localhost");
      const lines = grpcPass(server, "http");
      const { port } = await parts.startNginx({ listen: "http2", lines });
      return {
        server,
        setups: [{ name: "none", options: { baseUrl: `http://localhost:${port}` } }],
      };
    },
  },
  {
    id: "h2-alpn",
    name: "front with HTTP/2 only, TLS",
    setting: "a TLS terminator that accepts the ALPN protocol `h2` alone, before nginx",
    async open(parts) {
      const { certificates } = parts;
      const server = await parts.startServer("localhost");
      const lines = grpcPass(server, "https");
      const nginx = await parts.startNginx({ listen: "http2", lines });
      const { port } = await parts.startTerminator(nginx.port, {
        ...certificates.local,
        ALPNProtocols: ["h2"],
      });
      const options = { baseUrl: `https://localhost:${port}` };
      return {
        server,
        setups: [{ name: "none", options, env: trustByEnvironment(certificates) }],
      };
    },
  },
  {
    id: "path-prefix",
    name: "path prefix",
    setting: "nginx serves the API below `/zitadel/` only",
    async open(parts) {
      const server = await parts.startServer("localhost");
      const front = await openTlsFront(parts, server, [
        "location /zitadel/ {",
        "  rewrite ^/zitadel(/.*)$ $1 break;",
        ...grpcPass(server, "https").slice(1),
      ]);
      return {
        server,
        setups: front.setups.map((setup) => {
          const baseUrl = `${setup.options.baseUrl}/zitadel`;
          return {
            ...setup,
            name: "`baseUrl` with the prefix, `tokenEndpoint`",
            options: { baseUrl },
            tokenOptions: { tokenEndpoint: `${baseUrl}/oauth/v2/token` },
          };
        }),
      };
    },
  },
];

/** Starts an nginx with TLS in front of a server. */
async function openTlsFront({ certificates, startNginx }: Parts, server: Server, lines: string[]) {
  const { port } = await startNginx({
    listen: "ssl http2",
    lines: [...certificateLines(certificates), ...lines],
  });
  const options = { baseUrl: `https://localhost:${port}` };
  return {
    server,
    setups: [{ name: "none", options, env: trustByEnvironment(certificates) }],
  };
}
