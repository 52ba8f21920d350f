"""De-identification (去标识化): what stays and what is hidden, what stands instead, what is left over."""
