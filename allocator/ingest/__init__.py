"""From the files people have to a problem: every complaint at once, nothing half-read."""

from allocator.ingest.assemble import read_files
from allocator.ingest.complaints import Complaint, Place
from allocator.ingest.sources import Reading, Sources, today

__all__ = ["Complaint", "Place", "Reading", "Sources", "read_files", "today"]
