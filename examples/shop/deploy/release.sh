#!/bin/sh
# Builds the image, pushes it and restarts the services on the servers.
set -eu

tag="registry.example.com/shop:latest"
docker build -t "$tag" .
docker push "$tag"
for host in web1 web2 web3; do
    ssh "deploy@$host.internal.example.com" "docker compose pull && docker compose up -d"
done
