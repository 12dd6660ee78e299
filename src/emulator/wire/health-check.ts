/**
 * The health service that load balancers call without a token: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export const healthService = ["grpc.health.v1", "Health"] as const;

/** The path of the only RPC of the health service that the emulator serves. */
export const healthCheckPath: string = `/${healthService.join(".")}/Check`;

/** A HealthCheckResponse with field 1, `status`, set to SERVING. */
export const servingResponse: Uint8Array<ArrayBuffer> = new Uint8Array([0x08, 0x01]);
