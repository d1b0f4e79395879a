"""flowtui: explore AWS VPC Flow Logs from the keyboard."""

__version__ = "0.1.0"
