package wire

import (
	"crypto/hmac"
	"encoding/base64"
	"net/http"
	"testing"
)

// The example of the ECS API reference, "Request signatures": key testid, secret testsecret. Its signature
// was computed again with Python's hmac, 2026.
func TestSignatureIsThatOfTheDocumentedExample(t *testing.T) {
	given := Parameters{
		"Timestamp": "2016-02-23T12:46:24Z", "Format": "XML", "AccessKeyId": "testid", "Action": "DescribeRegions",
		"SignatureMethod": "HMAC-SHA1", "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
		"Version": "2014-05-26", "SignatureVersion": "1.0", "Signature": "is not part of it",
	}
	toSign := rpcStringToSign("GET", given)
	want := "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26SignatureMethod%3DHMAC-SHA1" +
		"%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0" +
		"%26Timestamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26"
	if toSign != want {
		t.Errorf("string to sign:\n got %s\nwant %s", toSign, want)
	}
	sign, _ := signerOf("HMAC-SHA1")
	got := base64.StdEncoding.EncodeToString(sign("testsecret", toSign))
	if got != "OLeaidS1JvxuMvnyHOwuJ+uX5qY=" {
		t.Errorf("signature %s", got)
	}
}

func TestEncodingFollowsRFC3986(t *testing.T) {
	for text, want := range map[string]string{
		"aZ09-_.~": "aZ09-_.~", " ": "%20", "*": "%2A", "+": "%2B", "/": "%2F", "é中": "%C3%A9%E4%B8%AD", "'()!": "%27%28%29%21",
	} {
		if got := string(appendEncoded(nil, text)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// The example of the page, with its key, host, headers and signature: RunInstances in cn-shanghai.
func TestACS3SignatureIsThatOfTheDocumentedExample(t *testing.T) {
	header := http.Header{}
	header.Set("x-acs-action", "RunInstances")
	header.Set("x-acs-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	header.Set("x-acs-date", "2023-10-26T10:22:32Z")
	header.Set("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d")
	header.Set("x-acs-version", "2014-05-26")
	header.Set("Authorization", "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"+
		"x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"+
		"Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")
	q := &Request{method: "POST", Host: "ecs.cn-shanghai.aliyuncs.com", header: header, acs3: true, query: Parameters{
		"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai",
	}}
	p, err := q.proof()
	if err != nil || p.keyId != "YourAccessKeyId" {
		t.Fatalf("%+v, %v", p, err)
	}
	if !hmac.Equal(p.signature, p.sign("YourAccessKeySecret", p.toSign)) {
		t.Errorf("signature %x of %q", p.sign("YourAccessKeySecret", p.toSign), p.toSign)
	}
}
