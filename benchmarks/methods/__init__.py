"""The peers: other honest ways to fill the same beds, each giving a plan the referee can judge."""
