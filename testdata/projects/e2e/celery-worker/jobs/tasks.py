from celery import Celery

app = Celery("jobs", broker="filesystem://", backend="file:///srv/worker/results")
app.conf.broker_transport_options = {
    "data_folder_in": "/srv/worker/queue",
    "data_folder_out": "/srv/worker/queue",
}


@app.task
def add(x, y):
    return x + y
