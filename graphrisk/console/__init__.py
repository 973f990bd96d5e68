"""The web console 控制台: TypeScript sources in ``src``, and in ``dist`` what was built of them.

``make console`` builds; the api serves ``dist`` at ``/console/``, so that nobody else needs Node.
"""
