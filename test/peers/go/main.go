// Gets a token with the key file of a service user, and calls ListProviders with grpc-go: the two libraries on which ZITADEL's own Go
// client rests.
package main

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/zitadel/oidc/v3/pkg/client/profile"
	"golang.org/x/oauth2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/emptypb"
)

const method = "/zitadel.management.v1.ManagementService/ListProviders"

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	scopes := []string{"openid", "urn:zitadel:iam:org:project:id:zitadel:aud"}
	source, err := profile.NewJWTProfileTokenSourceFromKeyFileData(ctx, os.Getenv("ISSUER"), []byte(os.Getenv("KEY_FILE")), scopes)
	check(err)
	token, err := oauth2.ReuseTokenSource(nil, source).Token()
	check(err)

	connection, err := grpc.NewClient(os.Getenv("ADDRESS"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	defer connection.Close()
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token.AccessToken)
	// An empty message keeps all fields of a response as unknown fields.
	response := new(emptypb.Empty)
	check(connection.Invoke(ctx, method, new(emptypb.Empty), response))
	if len(response.ProtoReflect().GetUnknown()) == 0 {
		log.Fatal("the response of ListProviders is empty")
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
