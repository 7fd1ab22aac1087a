"""What a case's file holds besides its course: its rounds, the opinions given, its papers, its notices.

Plain data for pages, the print view and the API, each as its reader may know it.
"""
