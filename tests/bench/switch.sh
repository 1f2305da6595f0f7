#!/usr/bin/env bash
# Moves the traffic of one listener rule to the other environment: what a careful team writes by hand. It asks where the
# traffic is, whether the other environment is healthy, moves the traffic, and looks whether it has moved.
#
# Needs RULE, BLUE and GREEN: the ARN of the rule, and those of the target groups. Prints the group that has the traffic.
set -euo pipefail

live() {
  aws elbv2 describe-rules --rule-arns "$RULE" --output text \
    --query 'Rules[0].Actions[?Type==`forward`] | [0].ForwardConfig.TargetGroups[?Weight>`0`] | [0].TargetGroupArn'
}

if [ "$(live)" = "$BLUE" ]; then next=$GREEN; else next=$BLUE; fi

healthy=$(aws elbv2 describe-target-health --target-group-arn "$next" --output text \
  --query "length(TargetHealthDescriptions[?TargetHealth.State=='healthy'])")
if [ "$healthy" -eq 0 ]; then
  echo "no healthy target in $next" >&2
  exit 1
fi

aws elbv2 modify-rule --rule-arn "$RULE" --actions "Type=forward,TargetGroupArn=$next" > /dev/null

if [ "$(live)" != "$next" ]; then
  echo "the rule does not forward to $next" >&2
  exit 1
fi
echo "$next"
