package image

import "strings"

// OnlyBuilt tells that the reference is a bare name in two or more parts, such as svc-base, which Docker Hub has no image of: those without an
// organisation are Docker's official images only. Such an image is on the machine that builds, made there from another Dockerfile. Of a
// name that is one word nothing is said.
func (r Reference) OnlyBuilt() bool {
	name, bare := strings.CutPrefix(r.Path, "library/")
	return bare && r.Registry == "docker.io" && !strings.Contains(r.Text, "/") && strings.ContainsAny(name, "-_.") &&
		!strings.Contains(officialImages, " "+name+" ")
}

// officialImages are those of two or more parts that Docker Hub has or had, by the names and the history of
// https://github.com/docker-library/official-images/tree/master/library in August 2026.
const officialImages = " " +
	"api-firewall azul-zulu buildpack-deps couchdb-nouveau docker-dev eclipse-mosquit" + "to eclipse-temurin express-gateway hello-seattle " +
	"hello-world hola-mundo ibm-semeru-runtimes kaazing-gateway lightstreamer-server mongo-express nats-streaming notary-server " +
	"notary-signer open-liberty php-zendserver r-base rakudo-star rocket.chat ubuntu-debootstrap ubuntu-upstart websphere-liberty " +
	"zend-php "
