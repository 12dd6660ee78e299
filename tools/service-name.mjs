/**
 * Returns the name under which ZITADEL has a service. The protos split the services: a second service with `Operators` in its name
 * holds the RPCs for operators.
 */
export function serviceName(name) {
  return name.replace(/OperatorsService$/, "Service");
}
