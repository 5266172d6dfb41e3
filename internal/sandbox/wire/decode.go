package wire

import (
	"slices"
	"strconv"
	"strings"

	"ecs-activation/internal/sandbox/cloud"
)

// The inputs of the actions, read from the parameters of a request. Rules are checked in package cloud.

func createInput(p Parameters, forgetToken bool) cloud.CreateInput {
	return cloud.CreateInput{
		RegionId:          p["RegionId"],
		InstanceName:      p["InstanceName"],
		Description:       p["Description"],
		InstanceCount:     cloud.ParseNumber(p["InstanceCount"]),
		TimeToLiveInHours: cloud.ParseNumber(p["TimeToLiveInHours"]),
		IpAddressRange:    p["IpAddressRange"],
		ResourceGroupId:   p["ResourceGroupId"],
		Tags:              tags(p),
		ClientToken:       p["ClientToken"],
		ForgetToken:       forgetToken,
	}
}

func describeInput(p Parameters) cloud.DescribeInput {
	return cloud.DescribeInput{
		RegionId:        p["RegionId"],
		ActivationId:    p["ActivationId"],
		InstanceName:    p["InstanceName"],
		ResourceGroupId: p["ResourceGroupId"],
		Tags:            tags(p),
		Page:            pageInput(p),
	}
}

func codeInput(p Parameters) cloud.CodeInput {
	return cloud.CodeInput{RegionId: p["RegionId"], ActivationId: p["ActivationId"]}
}

func describeMachinesInput(p Parameters) (cloud.DescribeMachinesInput, error) {
	ids, err := instanceIds(p)
	return cloud.DescribeMachinesInput{
		RegionId:        p["RegionId"],
		InstanceIds:     ids,
		ActivationId:    p["ActivationId"],
		InstanceName:    p["InstanceName"],
		InstanceIp:      p["InstanceIp"],
		OsType:          p["OsType"],
		MachineId:       p["MachineId"],
		ResourceGroupId: p["ResourceGroupId"],
		Connected:       p["Connected"],
		Tags:            tags(p),
		Page:            pageInput(p),
	}, err
}

func deregisterInput(p Parameters) cloud.DeregisterInput {
	return cloud.DeregisterInput{RegionId: p["RegionId"], InstanceId: p["InstanceId"]}
}

func assumeRoleInput(p Parameters) cloud.AssumeRoleInput {
	return cloud.AssumeRoleInput{
		RoleArn: p["RoleArn"], RoleSessionName: p["RoleSessionName"], DurationSeconds: cloud.ParseNumber(p["DurationSeconds"]),
	}
}

func pageInput(p Parameters) cloud.PageInput {
	return cloud.PageInput{
		PageNumber: cloud.ParseNumber(p["PageNumber"]), PageSize: cloud.ParseNumber(p["PageSize"]),
		MaxResults: cloud.ParseNumber(p["MaxResults"]), NextToken: p["NextToken"],
	}
}

// attributeNames returns the values of AttributeName.N.
func attributeNames(p Parameters) []string {
	var names []string
	for parameter, name := range p {
		if strings.HasPrefix(parameter, "AttributeName.") {
			names = append(names, name)
		}
	}
	return names
}

// instanceIds returns the values of InstanceId.N; their order does not matter.
func instanceIds(p Parameters) ([]string, error) {
	var ids []string
	for name, value := range p {
		number, found := strings.CutPrefix(name, "InstanceId.")
		if !found {
			continue
		}
		if n, err := strconv.Atoi(number); err != nil || n < 1 || n > cloud.InstanceIdsMax {
			return nil, cloud.Invalid(name)
		}
		ids = append(ids, value)
	}
	return ids, nil
}

// tags returns Tag.N.Key and Tag.N.Value in the order of N. Gaps are allowed. Parameters that only resemble
// tags are ignored, as unknown parameters are.
func tags(p Parameters) []cloud.TagInput {
	var numbers []int
	for name := range p {
		if n, found := tagNumber(name); found {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	var tags []cloud.TagInput
	for _, n := range slices.Compact(numbers) {
		value, given := p[tagParameter(n, "Value")]
		tags = append(tags, cloud.TagInput{N: n, Key: p[tagParameter(n, "Key")], Value: value, ValueGiven: given})
	}
	return tags
}

// tagNumber returns the N of Tag.N.Key or Tag.N.Value.
func tagNumber(name string) (n int, found bool) {
	parts := strings.Split(name, ".")
	if len(parts) != 3 || parts[0] != "Tag" || parts[2] != "Key" && parts[2] != "Value" {
		return 0, false
	}
	n, err := strconv.Atoi(parts[1])
	return n, err == nil && tagParameter(n, parts[2]) == name
}

func tagParameter(n int, part string) string { return "Tag." + strconv.Itoa(n) + "." + part }
