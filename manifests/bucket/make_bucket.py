"""Makes the bucket that DIPTYCH_STORE names, as soon as its server answers.

A bucket that is there already is success, so that the Job may run again.
"""

import os
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

SECONDS_TO_WAIT = 120
THERE_ALREADY = ("BucketAlreadyOwnedByYou", "BucketAlreadyExists")


def main() -> int:
    """Return 0 when there is a bucket."""
    bucket = os.environ["DIPTYCH_STORE"].removeprefix("s3://").split("/")[0]
    client = boto3.client(
        "s3",
        endpoint_url=os.environ["DIPTYCH_S3_ENDPOINT"],
        region_name=os.environ.get("DIPTYCH_S3_REGION", "us-east-1"),
        config=Config(connect_timeout=5, s3={"addressing_style": "path"}),
    )
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while True:
        try:
            client.create_bucket(Bucket=bucket)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in THERE_ALREADY:
                print(f"bucket {bucket}: {code}", file=sys.stderr)
                return 1
        except BotoCoreError as error:
            if time.monotonic() > deadline:
                print(f"bucket {bucket}: {error}", file=sys.stderr)
                return 1
            time.sleep(1)
            continue
        print(f"bucket {bucket}: there")
        return 0


if __name__ == "__main__":
    sys.exit(main())
