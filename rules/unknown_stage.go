package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UnknownStage finds a FROM, a --from or a mount that names a stage as no stage can be named.
//
// BuildKit writes the names of stages in lower case, so `AS Base` makes a stage base, and `FROM Base` asks for an image, whose name must
// not have capitals: "repository name must be lowercase". A stage can't copy from itself ("circular dependency"), nor from one
// that is defined below it, nor by a number that no stage above it has. And a name that is no stage's is an image's: `--from=bulider` asks a
// registry for docker.io/library/bulider. That is reported only where the name is a slip away from a stage's, and neither an image that is known
// nor a context that compose or bake names.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	RUN pip install --no-cache-dir --target=/app flask==3.1.0
//	FROM python:3.12-slim
//	COPY --from=bulider /app /app
//	ENV PYTHONPATH=/app
//	CMD ["python", "-m", "flask", "run"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	RUN pip install --no-cache-dir --target=/app flask==3.1.0
//	FROM python:3.12-slim
//	COPY --from=builder /app /app
//	ENV PYTHONPATH=/app
//	CMD ["python", "-m", "flask", "run"]
//
// # Fix
//
// Writes the name of the stage in lower case in FROM, which is safe: the build fails without. A name that is probably a slip is a suggestion.
//
// # References
//
//   - https://docs.docker.com/build/building/multi-stage/#name-your-build-stages
//   - https://docs.docker.com/reference/build-checks/stage-name-casing/
var UnknownStage = register(&analyzer.Rule{
	Code: "PLD130", Name: "unknown-stage",
	Summary:  "a stage is named that does not exist at that point",
	Severity: analyzer.Error, Fix: analyzer.Safe, AnyImage: true, Check: checkUnknownStage,
})

func checkUnknownStage(p *analyzer.Pass) {
	for _, stage := range p.Stages {
		checkFrom(p, stage)
		for _, step := range stage.Steps {
			in := step.Instruction
			if f, ok := in.Flag("from"); ok && step.Copy != nil {
				checkStageName(p, stage, env.Expand(f.Value, p.Doc.Escape, step.Before.Lookup), f.ValueSpan, in.Keyword)
			}
			for _, m := range step.Mounts() {
				if m.From != "" {
					checkStageName(p, stage, env.Expand(m.From, p.Doc.Escape, step.Before.Lookup), m.Flag.Span, "this mount")
				}
			}
		}
	}
}

// checkFrom reports a FROM that names a stage with capitals.
func checkFrom(p *analyzer.Pass, stage *analyzer.Stage) {
	if len(stage.From.Args) == 0 || !stage.BaseText.IsKnown() {
		return
	}
	arg, text := stage.From.Args[0], stage.BaseText.Text
	if stage.Base == nil {
		reportSlip(p, stage, text, arg.Span, "FROM")
		return
	}
	if lower := strings.ToLower(text); lower != text {
		d := analyzer.Diagnostic{
			Span: arg.Span,
			Message: fmt.Sprintf("BuildKit calls the stage %s, so FROM %s asks for an image, and the build fails: \"repository name must be lowercase\"",
				lower, text),
			Related: []analyzer.Related{{Span: stage.Base.From.Span, Message: "this is the stage"}},
		}
		if arg.Value == text {
			d.Fix = &analyzer.Fix{Title: "Write " + lower, Safety: analyzer.Safe, Edits: []analyzer.Edit{fixes.ReplaceSpan(arg.Span, lower)}}
		} else {
			d.NoFixReason = "the name comes from a variable"
		}
		p.Report(d)
	}
}

// checkStageName reports a --from that can't be resolved.
func checkStageName(p *analyzer.Pass, stage *analyzer.Stage, name env.Value, span source.Span, who string) {
	if !name.IsKnown() || name.Text == "" {
		return
	}
	text := name.Text
	if n, err := strconv.Atoi(text); err == nil {
		switch {
		case n >= 0 && n < stage.Index:
		case n == stage.Index:
			p.Report(analyzer.Diagnostic{Span: span, Message: who + " names its own stage, which can't copy from itself"})
		default:
			p.Report(analyzer.Diagnostic{Span: span, Message: fmt.Sprintf("%s names stage %s, and only %s above", who, text, stagesAbove(stage.Index))})
		}
		return
	}
	for _, other := range p.Stages {
		if !strings.EqualFold(other.Name, text) || other.Name == "" {
			continue
		}
		switch {
		case other.Index < stage.Index:
			return
		case other == stage:
			p.Report(analyzer.Diagnostic{
				Span: span, Message: who + " names its own stage " + other.Name + ", which can't copy from itself: \"circular dependency\"",
				Related: []analyzer.Related{{Span: other.From.Span, Message: "this is the stage"}},
			})
			return
		default:
			p.Report(analyzer.Diagnostic{
				Span: span, Message: fmt.Sprintf("%s names the stage %s, which is defined below: it must be above, and what it copies from here can't be", who, other.Name),
				Related: []analyzer.Related{{Span: other.From.Span, Message: "this is the stage"}},
			})
			return
		}
	}
	reportSlip(p, stage, text, span, who)
}

func stagesAbove(n int) string {
	switch n {
	case 0:
		return "no stages stand"
	case 1:
		return "stage 0 stands"
	}
	return fmt.Sprintf("stages 0 to %d stand", n-1)
}

// reportSlip reports a name that is a slip away from that of a stage above and means nothing else.
func reportSlip(p *analyzer.Pass, stage *analyzer.Stage, text string, span source.Span, who string) {
	if strings.ContainsAny(text, "/:.@") || len(text) < 3 || knownImage(text) || namedContext(p, text) {
		return
	}
	best, bestDistance := "", max(2, 1+len(text)/4)
	for _, other := range p.Stages[:stage.Index] {
		if other.Name == "" {
			continue
		}
		if d := words.Distance(strings.ToLower(text), strings.ToLower(other.Name), bestDistance); d > 0 && d < bestDistance {
			best, bestDistance = other.Name, d
		}
	}
	if best == "" {
		return
	}
	d := analyzer.Diagnostic{
		Span:    span,
		Message: fmt.Sprintf("no stage is called %s, so %s asks the registry for an image of that name: did you mean %s?", text, who, best),
	}
	if p.File.Text(span) == text {
		d.Fix = &analyzer.Fix{Title: "Write " + best, Safety: analyzer.Suggestion, Edits: []analyzer.Edit{fixes.ReplaceSpan(span, best)}}
	}
	p.Report(d)
}

// knownImage tells whether Docker Hub has an official image of that name that somebody may mean.
// https://github.com/docker-library/official-images/tree/master/library, November 2026.
func knownImage(name string) bool { return officialImages[strings.ToLower(name)] }

var officialImages = func() map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(`adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux
		backdrop bash bonita buildpack-deps busybox caddy cassandra chronograf cirros clearlinux clefos clojure composer convertigo
		couchbase couchdb crate dart debian docker drupal eclipse-temurin eggdrop elasticsearch elixir emqx erlang fedora
		flink fluentd friendica gazebo gcc geonetwork ghost golang gradle groovy haproxy haskell haxe hello-world hitch httpd hylang
		ibm-semeru-runtimes ibmjava influxdb irssi jetty joomla jruby julia kapacitor kibana kong krakend lightstreamer liquibase logstash
		mageia mariadb matomo maven mediawiki memcached mongo mongo-express monica mysql nats nats-streaming neo4j neurodebian nextcloud
		nginx node notary odoo open-liberty openjdk openmandriva oraclelinux orientdb percona perl photon php phpmyadmin plone postfixadmin
		postgres pypy python r-base rabbitmq rakudo-star redis redmine registry rethinkdb rockylinux rocket.chat ros ruby rust sapmachine
		satosa scratch silverpeas solr sonarqube spark spiped storm swift swipl teamspeak telegraf tomcat tomee traefik ubuntu unit varnish
		vault websphere-liberty wordpress xwiki yourls znc zookeeper centos opensuse`) {
		set[name] = true
	}
	return set
}()

// namedContext tells whether a compose or bake file of the build context speaks of the name, as one that names contexts does.
func namedContext(p *analyzer.Pass, name string) bool {
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
	for _, pattern := range []string{"*compose*.y*ml", "*bake*.hcl", "*bake*.json", ".github/workflows/*.y*ml", "Makefile"} {
		for _, file := range p.Context.Glob(pattern) {
			if content, ok := p.Context.Read(file); ok && word.Match(content) {
				return true
			}
		}
	}
	return false
}
