"""遮蔽核对 and 公开巡查: what a privacy officer rules about redactions, and files that are published already."""
