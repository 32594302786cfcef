package redis_test

import (
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/redis"
)

func TestParseAddress(t *testing.T) {
	for text, shown := range map[string]string{
		"redis://db":                                        "redis://db",
		"rediss://user:hunter2@db:6380/3":                   "rediss://db:6380/3",
		"redis://:hunter2@a:1?addr=b:2&addr=c:3":            "redis://a:1,b:2,c:3",
		"redis://user:hunter%402@[::1]:6379":                "redis://[::1]:6379",
		"rediss://hunter2@cluster:6379?addr=cluster%3A6379": "rediss://cluster:6379,cluster:6379",
	} {
		address, err := redis.ParseAddress(text)
		if err != nil || address.String() != shown {
			t.Errorf("ParseAddress(%q) = %q, error %v; want %q", text, address, err, shown)
		}
	}
	for _, text := range []string{
		"", "db:6379", "http://hunter2@db", "redis://", "redis://:hunter2@", "redis:///0", "unix:///hunter2", "redis://db/hunter2", "redis://db/0/1",
		"redis://db?pool_size=hunter2", "redis://db?skip_verify=true", "redis://db?addr=b&x=hunter2", "redis://db?%zz", "redis://u:hunter2%zz@db",
		"redis://a/1?addr=b:6379", "redis://db:port", "redis://db#hunter2",
	} {
		address, err := redis.ParseAddress(text)
		if err == nil || address.String() != "" {
			t.Errorf("ParseAddress(%q) = %q, error %v", text, address, err)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("ParseAddress(%q) repeats what may be a password: %v", text, err)
		}
	}
	if text := (redis.Address{}).String(); text != "" {
		t.Errorf("nowhere is called %q", text)
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"redis://u:p@h:6379/0", "rediss://h?addr=i:1&addr=j:2", "redis://[::1]:1/15", "redis://", "\x00", "redis://h?%zz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		address, err := redis.ParseAddress(text)
		if err != nil {
			return
		}
		limiter, err := redis.OpenRateLimiter(redis.Options{Address: address})
		if err != nil {
			t.Fatalf("%q is taken, and then gives error %v", text, err)
		}
		if err := limiter.Close(); err != nil {
			t.Error(err)
		}
	})
}
