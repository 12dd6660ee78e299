/**
 * The messages that both services share: providers and their configuration, legacy IDPs, login policies, paging, change details,
 * and the detail in ZITADEL's errors.
 *
 * @module
 */
export * from "../../gen/zitadel/idp_pb.js";
export * from "../../gen/zitadel/message_pb.js";
export * from "../../gen/zitadel/object_pb.js";
export * from "../../gen/zitadel/policy_pb.js";
