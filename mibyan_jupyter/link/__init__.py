"""The sidebar's way into the kernel: requests on the control channel, answers on a comm."""
