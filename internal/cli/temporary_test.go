package cli_test

import (
	"encoding/json"
	"strings"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/rogpeppe/go-internal/testscript"
)

// temporary requests the keys of a role from the server of the sandbox, as the official SDK does.
func temporary(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0, 0, "temporary")
	keys := credentials.NewAccessKeyCredential(ts.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"), ts.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET"))
	client, err := sdk.NewClientWithOptions("cn-hangzhou", sdk.NewConfig(), keys)
	ts.Check(err)
	request := requests.NewCommonRequest()
	request.Scheme = "http"
	request.Domain = strings.TrimPrefix(ts.Getenv("ECS_ACTIVATION_ENDPOINT"), "http://")
	request.Version, request.ApiName = "2015-04-01", "AssumeRole"
	request.QueryParams["RoleArn"] = "acs:ram::1234567890123456:role/test"
	request.QueryParams["RoleSessionName"] = "script"
	response, err := client.ProcessCommonRequest(request)
	ts.Check(err)
	var answer struct {
		Credentials struct{ AccessKeyId, AccessKeySecret, SecurityToken string }
	}
	ts.Check(json.Unmarshal(response.GetHttpContentBytes(), &answer))
	ts.Setenv("TEMPORARY_ID", answer.Credentials.AccessKeyId)
	ts.Setenv("TEMPORARY_SECRET", answer.Credentials.AccessKeySecret)
	ts.Setenv("TEMPORARY_TOKEN", answer.Credentials.SecurityToken)
}
