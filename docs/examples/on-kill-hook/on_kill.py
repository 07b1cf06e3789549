"""Cancels the operation of an Airflow-like task when the task is killed.

Airflow calls `on_kill` of an operator when its task is cleared, marked as failed or stopped. An operator that began a
long-running operation publishes a cancel request there, and returns at once: lro-cancel goes on, also when the worker is
gone. The request id is made of the task's run, so a hook that runs twice asks for the same thing once.

    REQUESTS_TOPIC=projects/my-project/topics/lro-cancel-requests python3 on_kill.py OPERATION

It needs Python 3.9. With google-auth (which Airflow's Google provider installs) it publishes with application default
credentials; with PUBSUB_EMULATOR_HOST to a local Pub/Sub, without any.
"""

import base64
import json
import os
import signal
import sys
import threading
import urllib.request


def publish(topic, request):
    """Publishes a request by the REST API of Pub/Sub. Returns the id of the message."""
    emulator = os.environ.get("PUBSUB_EMULATOR_HOST")
    headers = {"content-type": "application/json"}
    if not emulator:
        import google.auth
        import google.auth.transport.requests

        credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/pubsub"])
        credentials.refresh(google.auth.transport.requests.Request())
        headers["authorization"] = f"Bearer {credentials.token}"
    url = f"http://{emulator}" if emulator else "https://pubsub.googleapis.com"
    data = base64.b64encode(json.dumps(request).encode()).decode()
    call = urllib.request.Request(
        f"{url}/v1/{topic}:publish",
        data=json.dumps({"messages": [{"data": data}]}).encode(),
        headers=headers,
        method="POST",
    )
    with urllib.request.urlopen(call, timeout=30) as response:
        return json.load(response)["messageIds"][0]


class LongRunningOperator:
    """An operator that waits for an operation. With Airflow, derive it from BaseOperator."""

    def __init__(self, task_id, run_id, operation, topic):
        self.task_id, self.run_id, self.operation, self.topic = task_id, run_id, operation, topic
        self.ended = threading.Event()

    def execute(self):
        """Begins the operation and waits for its end. Here, only the wait."""
        self.ended.wait()

    def on_kill(self):
        """Requests the cancel of what this task began."""
        publish(
            self.topic,
            {
                "operation": self.operation,
                "requestId": f"airflow-{self.run_id}-{self.task_id}"[:128],
                "requestedBy": "airflow",
                "reason": "the task was killed",
                "labels": {"task": self.task_id, "run": self.run_id},
            },
        )
        self.ended.set()


if __name__ == "__main__":
    operator = LongRunningOperator("train", "manual-1", sys.argv[1], os.environ["REQUESTS_TOPIC"])
    # Airflow turns the signal into a call of on_kill.
    signal.signal(signal.SIGTERM, lambda *_: operator.on_kill())
    print("waiting", flush=True)
    operator.execute()
    print("killed", flush=True)
