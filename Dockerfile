# Builds graphd without cgo and ships the binary alone.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /graphd ./cmd/graphd && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /graphd /usr/local/bin/graphd
COPY LICENSE /usr/share/doc/graphd/LICENSE
# The default store, graphd.db, lies in the working directory.
COPY --from=build --chown=65532:65532 /data /data
VOLUME /data
WORKDIR /data
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/graphd"]
CMD ["serve"]
