package bootstrap

import (
	"errors"
	"os"
	"reflect"
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
	problems = append(problems, readFiles(variables)...)

	var config Config
	if err := env.ParseWithOptions(&config, env.Options{Environment: variables}); err != nil {
		problems = append(problems, malformed(err)...)
	}
	return config, append(problems, config.check()...)
}

// setting is one field of [Config].
type setting struct {
	name, fallback, about string
	hidden                bool
	index                 int
}

// settings gives those of Config in their order.
func settings() []setting {
	config := reflect.TypeFor[Config]()
	all := make([]setting, config.NumField())
	for i := range all {
		tag := config.Field(i).Tag
		all[i] = setting{tag.Get("env"), tag.Get("envDefault"), tag.Get("about"), tag.Get("hidden") == "true", i}
	}
	return all
}

// readFiles puts the content of each NAME_FILE in the place of NAME.
func readFiles(variables map[string]string) Problems {
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
		content, err := os.ReadFile(path) //nolint:gosec // the operator names the file
		switch {
		case err != nil:
			problems.add(file, "cannot be read: "+err.Error())
		case len(strings.TrimSpace(string(content))) == 0:
			problems.add(file, "names an empty file: "+path)
		default:
			variables[setting.name] = strings.TrimRight(string(content), "\r\n")
		}
	}
	return problems
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
func malformed(err error) Problems {
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
		field, _ := reflect.TypeFor[Config]().FieldByName(parse.Name)
		problems.add(field.Tag.Get("env"), complaint(field.Type, parse.Err))
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
