package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// startContainer starts a server in a container that is removed when this
// process ends.
func startContainer() (Config, error) {
	docker, err := exec.LookPath("docker")
	if err != nil {
		return Config{}, errors.New("there is no docker")
	}
	if err := exec.Command(docker, "info").Run(); err != nil {
		return Config{}, errors.New("no Docker daemon answers")
	}
	out, err := exec.Command(docker, "run", "--rm", "--detach", "--publish", "127.0.0.1::7687",
		"--env", "NEO4J_AUTH="+user+"/"+password, "--env", "NEO4J_dbms_usage__report_enabled=false",
		"neo4j:5.26-community").Output()
	if err != nil {
		return Config{}, fmt.Errorf("docker run: %w", err)
	}
	id := strings.TrimSpace(string(out))
	if err := atExit(`"$0" rm --force "$1"`, docker, id); err != nil {
		return Config{}, err
	}
	out, err = exec.Command(docker, "port", id, "7687/tcp").Output()
	if err != nil {
		return Config{}, fmt.Errorf("docker port: %w", err)
	}
	cfg := Config{URI: "bolt://" + firstLine(out), Username: user, Password: password, Database: "neo4j"}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return cfg, waitUntil(ctx, cfg)
}
