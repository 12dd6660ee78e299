"""Calls the emulator with grpcio and with the messages that server reflection describes. Prints the version of grpcio."""

import os

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

SERVICE = "zitadel.management.v1.ManagementService"


def main():
    with grpc.insecure_channel(os.environ["ADDRESS"]) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        assert SERVICE in database.get_services(), database.get_services()
        service = DescriptorPool(database).FindServiceByName(SERVICE)

        def call(rpc, metadata, **fields):
            method = service.FindMethodByName(rpc)
            request = GetMessageClass(method.input_type)(**fields)
            response = GetMessageClass(method.output_type)
            stub = channel.unary_unary(
                f"/{SERVICE}/{rpc}",
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=response.FromString,
            )
            return stub(request, metadata=metadata, timeout=20)

        metadata = [("authorization", f"Bearer {os.environ['TOKEN']}")]
        added = call("AddGoogleProvider", metadata, name="Google", client_id="id", client_secret="secret")
        provider = call("GetProviderByID", metadata, id=added.id).idp
        assert provider.config.google.client_id == "id", provider
        try:
            call("AddGoogleProvider", metadata, name="Google")
            raise AssertionError("a provider without a client id was added")
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error
    print(grpc.__version__)


main()
