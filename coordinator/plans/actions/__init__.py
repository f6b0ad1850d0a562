"""National and regional action plans: strategies, action items, indicators, targets."""
