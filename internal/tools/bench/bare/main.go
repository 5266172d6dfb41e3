// Command bare is the reference for the benchmarks of ecs-activation: a minimal net/http program that
// signs and sends the same requests with the same concurrency, decodes the responses into structs and
// prints the same rows. It does not check or sort anything, does not retry, and stops at the first error.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// bare is the program: the server, and the lock of its output.
type bare struct {
	endpoint, keyID, secret string
	client                  *http.Client
	out                     sync.Mutex
}

func main() {
	regions := flag.String("regions", "cn-hangzhou", "the regions to list")
	perRegion := flag.Int("per-region", 16, "how many pages of a region are asked for at once")
	inAll := flag.Int("in-all", 128, "how many pages are asked for at once")
	remove := flag.Bool("delete", false, "delete the codes on standard input, one after the other")
	create := flag.Int("create", 0, "create this many codes in the first region, 8 at once")
	flag.Parse()
	b := &bare{
		endpoint: os.Getenv("ECS_ACTIVATION_ENDPOINT"),
		keyID:    os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"), secret: os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128, ForceAttemptHTTP2: true}},
	}
	if strings.HasPrefix(b.endpoint, "https:") {
		go x509.SystemCertPool() //nolint:errcheck // the certificates are read while the program connects
	}
	if *remove {
		b.removeAll(os.Stdin)
		return
	}
	if *create > 0 {
		b.createAll(strings.Split(*regions, ",")[0], *create)
		return
	}
	b.list(strings.Split(*regions, ","), *perRegion, *inAll)
}

// createAll creates codes, 8 at once, and prints the responses.
func (b *bare) createAll(region string, number int) {
	slots := make(chan struct{}, 8)
	var group sync.WaitGroup
	for n := range number {
		slots <- struct{}{}
		group.Go(func() {
			answer := b.call(region, "CreateActivation", "InstanceName", fmt.Sprintf("web-%04d", n), "InstanceCount", "1", "TimeToLiveInHours", "4")
			b.out.Lock()
			defer b.out.Unlock()
			_, err := os.Stdout.Write(append(answer, '\n'))
			check(err)
			<-slots
		})
	}
	group.Wait()
}

// list reads page 1 of every region, and then the other pages.
func (b *bare) list(regions []string, perRegion, inAll int) {
	all := make(chan struct{}, inAll)
	var group sync.WaitGroup
	for _, region := range regions {
		group.Go(func() {
			all <- struct{}{}
			total := b.page(region, 1)
			<-all
			here := make(chan struct{}, perRegion)
			for n := 2; n <= (total+49)/50; n++ {
				here <- struct{}{}
				all <- struct{}{}
				group.Go(func() { b.page(region, n); <-all; <-here })
			}
		})
	}
	group.Wait()
}

type row struct {
	ActivationId, RegionId, InstanceName, Description                 string
	InstanceCount, RegisteredCount, DeregisteredCount, RemainingCount int
	TimeToLiveInHours                                                 int
	IpAddressRange, CreationTime, ExpirationTime, Status              string
	Disabled                                                          bool
	ResourceGroupId                                                   string
	Tags                                                              []struct{ TagKey, TagValue string }
}

// page prints the codes of one page and returns the total number of codes.
func (b *bare) page(region string, n int) int {
	var answer struct {
		TotalCount     int
		ActivationList []row
	}
	check(json.Unmarshal(b.call(region, "DescribeActivations", "PageNumber", strconv.Itoa(n), "PageSize", "50"), &answer))
	var rows bytes.Buffer
	encoder := json.NewEncoder(&rows)
	encoder.SetEscapeHTML(false)
	for _, r := range answer.ActivationList {
		created, err := time.Parse(time.RFC3339, r.CreationTime)
		check(err)
		expires := created.Add(time.Duration(r.TimeToLiveInHours) * time.Hour)
		r.RegionId, r.RemainingCount, r.ExpirationTime = region, r.InstanceCount-r.RegisteredCount, expires.Format(time.RFC3339)
		switch {
		case r.Disabled:
			r.Status = "Disabled"
		case !time.Now().Before(expires):
			r.Status = "Expired"
		case r.RemainingCount == 0:
			r.Status = "Exhausted"
		default:
			r.Status = "Active"
		}
		check(encoder.Encode(r))
	}
	b.out.Lock()
	defer b.out.Unlock()
	_, err := os.Stdout.Write(rows.Bytes())
	check(err)
	return answer.TotalCount
}

// removeAll deletes the codes on standard input one after the other.
func (b *bare) removeAll(in io.Reader) {
	refs, err := io.ReadAll(in)
	check(err)
	for _, ref := range strings.Fields(string(refs)) {
		region, id, _ := strings.Cut(ref, "/")
		b.call(region, "DeleteActivation", "ActivationId", id)
	}
}

// call sends a request signed with version 1.0, and returns the response.
func (b *bare) call(region, action string, more ...string) []byte {
	v := url.Values{
		"Action": {action}, "Version": {"2014-05-26"}, "Format": {"JSON"}, "RegionId": {region}, "AccessKeyId": {b.keyID},
		"SignatureMethod": {"HMAC-SHA1"}, "SignatureVersion": {"1.0"}, "SignatureNonce": {rand.Text()},
		"Timestamp": {time.Now().UTC().Format(time.RFC3339)},
	}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	sort.Strings(names)
	var query strings.Builder
	for i, name := range names {
		if i > 0 {
			query.WriteByte('&')
		}
		query.WriteString(percent(name) + "=" + percent(v.Get(name)))
	}
	mac := hmac.New(sha1.New, []byte(b.secret+"&"))
	mac.Write([]byte("POST&%2F&" + percent(query.String())))
	query.WriteString("&Signature=" + percent(base64.StdEncoding.EncodeToString(mac.Sum(nil))))
	request, err := http.NewRequest(http.MethodPost, b.endpoint+"/?"+query.String(), nil)
	check(err)
	response, err := b.client.Do(request)
	check(err)
	body, err := io.ReadAll(response.Body)
	check(err)
	check(response.Body.Close())
	if response.StatusCode != http.StatusOK {
		check(fmt.Errorf("%s: HTTP %d: %s", action, response.StatusCode, body))
	}
	return body
}

func percent(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}
