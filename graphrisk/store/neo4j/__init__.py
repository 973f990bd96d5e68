"""The server engine: Neo4j 5.26 over Bolt. The only home of Cypher."""
