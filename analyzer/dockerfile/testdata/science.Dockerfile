# A notebook image with a compiled extension and two inline scripts.
FROM continuumio/miniconda3:24.1.2-0
LABEL maintainer="data team <data@example.com>"
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ENV LANG C.UTF-8
ENV MODELS=/opt/models NOTEBOOKS="/home/jovyan/note books" CACHE='/tmp/cache'
COPY environment.yml /tmp/environment.yml
RUN conda env create --file /tmp/environment.yml --name science && \
    conda clean --all --yes && \
    echo "conda activate science" >> ~/.bashrc
RUN <<EOF
set -e
apt-get update
apt-get install -y --no-install-recommends gfortran libopenblas-dev
rm -rf /var/lib/apt/lists/*
EOF
RUN <<-'PY' python3 - --strict
	import sys
	print(sys.version)
	PY
COPY <<EOF /etc/jupyter/jupyter_server_config.py
c.ServerApp.ip = "0.0.0.0"
c.ServerApp.root_dir = "${NOTEBOOKS}"
EOF
ARG BUILD_NUMBER
ARG EXTENSION_VERSION=1.4.2
ADD https://example.com/ext-${EXTENSION_VERSION}.tar.gz /tmp/
RUN tar -xzf /tmp/ext-${EXTENSION_VERSION}.tar.gz -C /opt \
 && cd /opt/ext-${EXTENSION_VERSION} \
 && ./configure --prefix=/usr/local --with-blas=openblas \
 && make -j"$(nproc)" \
 && make install \
 && rm -rf /opt/ext-${EXTENSION_VERSION} /tmp/*.tar.gz
VOLUME ["/home/jovyan", "/opt/models"]
ONBUILD COPY requirements.txt /tmp/
ONBUILD RUN pip install -r /tmp/requirements.txt
EXPOSE 8888
STOPSIGNAL SIGINT
CMD ["jupyter", "lab", "--no-browser"]
