"""Papermill engines that fork a fresh interpreter for each notebook instead of starting one."""
