"""The nodes a run walks through: activities and gateways, events, multi-instances and loops."""
