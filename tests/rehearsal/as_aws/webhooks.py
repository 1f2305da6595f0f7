"""API destinations and connections in a template, and what becomes of a request that the webhook does not take.

On loopback a URL stands for the same without TLS: nobody has a certificate for it. What is refused is at once in the
dead-letter queue of the rule's target; AWS tries some of it again first.
"""

import json

from as_aws import deliveries
from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

build_request = eventbridge._build_api_destination_request
send = eventbridge._api_destination_send_sync


def creates(create, arn):
    """How CloudFormation makes a resource by a call of EventBridge, whose answer has its ARN."""

    def made(logical_id, properties, stack):
        name = provisioners._physical_name(stack, logical_id, max_len=64)
        status, _, body = create({"Name": name, **properties})
        if status != 200:
            raise ValueError(body.decode())
        return name, {"Arn": json.loads(body)[arn]}

    return made


def deletes(delete):
    return lambda name, properties: delete({"Name": name})


def build(destination, connection, parameters, payload):
    request = build_request(destination, connection, parameters, payload)
    url = request["url"].replace("https://127.0.0.1:", "http://127.0.0.1:")
    # What sends it is another thread.
    return {**request, "url": url, "delivery": deliveries.delivery.get()}


def send_once(request, headers):
    try:
        status = send(request, headers)
    except OSError:
        status = 0
    if not 200 <= status < 300:
        deliveries.delivery.set(request["delivery"])
        deliveries.keep()
    return status


def install():
    eventbridge._build_api_destination_request = build
    eventbridge._api_destination_send_sync = send_once
    provisioners._RESOURCE_HANDLERS["AWS::Events::Connection"] = {
        "create": creates(eventbridge._create_connection, "ConnectionArn"),
        "delete": deletes(eventbridge._delete_connection),
    }
    provisioners._RESOURCE_HANDLERS["AWS::Events::ApiDestination"] = {
        "create": creates(eventbridge._create_api_destination, "ApiDestinationArn"),
        "delete": deletes(eventbridge._delete_api_destination),
    }
