package bootstrap

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/caarlos0/env/v11" // sets the fields by their types and reports all failures, not the first
)

// ReadConfig reads the settings from an environment of KEY=value strings. It
// goes through all of them and gives every problem there is. An empty
// variable is a variable that is not set.
func ReadConfig(environ []string) (Config, Problems) {
	variables := map[string]string{}
	for _, variable := range environ {
		if key, value, _ := strings.Cut(variable, "="); value != "" {
			variables[key] = value
		}
	}
	problems := unknown(variables)
	config := Config{SecretFiles: map[string]string{}}
	problems = append(problems, readFiles(variables, config.SecretFiles)...)
	problems = append(problems, parse(&config, variables, "")...)
	for _, prefix := range otherServers(variables) {
		other := AuthServer{Prefix: prefix}
		problems = append(problems, parse(&other, variables, prefix)...)
		config.Others = append(config.Others, other)
	}
	return config, append(problems, config.check()...)
}

// parse sets the fields of a struct from the variables that its tags name,
// each with the prefix.
func parse[T any](into *T, variables map[string]string, prefix string) Problems {
	err := env.ParseWithOptions(into, env.Options{Environment: variables, Prefix: prefix})
	if err != nil {
		return malformed[T](err, prefix)
	}
	return nil
}

// otherServer matches the variables of [AuthServer].
var otherServer = regexp.MustCompile(`^(TASKWARD_AUTH_([1-9][0-9]{0,3})_)(.+)$`)

// otherServers gives the prefixes of the auth servers that there are variables
// of, in the order of their numbers.
func otherServers(variables map[string]string) []string {
	prefixes := map[int]string{}
	for variable := range variables {
		if match := otherServer.FindStringSubmatch(variable); match != nil {
			number, _ := strconv.Atoi(match[2]) // digits, and few of them
			prefixes[number] = match[1]
		}
	}
	var inOrder []string
	for _, number := range slices.Sorted(maps.Keys(prefixes)) {
		inOrder = append(inOrder, prefixes[number])
	}
	return inOrder
}

// setting is one field of [Config].
type setting struct {
	name, fallback, about string
	hidden                bool
	index                 int
}

// settings gives those of Config in their order.
func settings() []setting { return settingsOf[Config]() }

func settingsOf[T any]() []setting {
	var all []setting
	for i, fields := 0, reflect.TypeFor[T](); i < fields.NumField(); i++ {
		if tag := fields.Field(i).Tag; tag.Get("env") != "-" {
			all = append(all, setting{tag.Get("env"), tag.Get("envDefault"), tag.Get("about"), tag.Get("hidden") == "true", i})
		}
	}
	return all
}

// readFiles puts the content of each NAME_FILE in the place of NAME, and notes
// which files those were.
func readFiles(variables, files map[string]string) Problems {
	var problems Problems
	for _, setting := range settings() {
		file := setting.name + "_FILE"
		path, ok := variables[file]
		if !ok || !setting.hidden {
			continue
		}
		if _, both := variables[setting.name]; both {
			problems.add(file, "is set beside "+setting.name+"; keep one of them")
			continue
		}
		content, err := readFile(path)
		if err != nil {
			problems.add(file, err.Error())
			continue
		}
		variables[setting.name], files[setting.name] = content, path
	}
	return problems
}

// readFile gives what a file holds, without the line's end that editors leave.
func readFile(path string) (string, error) {
	content, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return "", fmt.Errorf("cannot be read: %w", err)
	}
	text := strings.TrimRight(string(content), "\r\n")
	if strings.TrimSpace(text) == "" {
		return "", fmt.Errorf("names an empty file: %s", path)
	}
	return text, nil
}

// unknown finds variables that look like ours and are not: a typing error
// would otherwise be a setting that silently does not hold.
func unknown(variables map[string]string) Problems {
	names := map[string]bool{}
	for _, setting := range settings() {
		names[setting.name] = true
		if setting.hidden {
			names[setting.name+"_FILE"] = true
		}
	}
	var problems Problems
	for variable := range variables {
		if !strings.HasPrefix(variable, "TASKWARD_") || names[variable] || fromKubernetes(variable) {
			continue
		}
		if match := otherServer.FindStringSubmatch(variable); match != nil {
			suffixes := map[string]bool{}
			for _, setting := range settingsOf[AuthServer]() {
				suffixes[setting.name] = true
			}
			if !suffixes[match[3]] {
				problems.add(variable, "is not a setting; did you mean "+match[1]+nearest(match[3], suffixes)+"?")
			}
			continue
		}
		problems.add(variable, "is not a setting; did you mean "+nearest(variable, names)+"?")
	}
	return problems
}

// fromKubernetes is true for what Kubernetes puts into the environment of
// each pod where a service is called taskward.
func fromKubernetes(variable string) bool {
	return strings.HasPrefix(variable, "TASKWARD_PORT") || strings.HasPrefix(variable, "TASKWARD_SERVICE_")
}

func nearest(variable string, names map[string]bool) string {
	best, distance := "", -1
	for name := range names {
		if d := levenshtein.Distance(variable, name, nil); distance < 0 || d < distance || d == distance && name < best {
			best, distance = name, d
		}
	}
	return best
}

// malformed names the variables that could not be parsed.
func malformed[T any](err error, prefix string) Problems {
	var problems Problems
	var all env.AggregateError
	if !errors.As(err, &all) {
		return append(problems, Problem{"environment", err.Error()})
	}
	for _, err := range all.Errors {
		var parse env.ParseError
		if !errors.As(err, &parse) {
			problems = append(problems, Problem{"environment", err.Error()})
			continue
		}
		field, _ := reflect.TypeFor[T]().FieldByName(parse.Name)
		problems.add(prefix+field.Tag.Get("env"), complaint(field.Type, parse.Err))
	}
	return problems
}

// complaint says what is wrong with a value in the words of its kind. Errors
// of the standard parsers would repeat the value and name Go functions.
func complaint(kind reflect.Type, err error) string {
	switch kind.String() {
	case "int":
		return "must be a whole number"
	case "time.Duration":
		return "must be a duration like 500ms, 2s or 1m"
	case "slog.Level":
		return "must be debug, info, warn or error"
	}
	return err.Error()
}
