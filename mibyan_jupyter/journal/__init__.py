"""The kernel's conversation on disk, so that a kernel that dies loses none of it.

One file a kernel run, appended to while answers come; `%mibyan resume` reads the newest one whose
kernel is dead. Nothing is restored without being asked for.
"""
