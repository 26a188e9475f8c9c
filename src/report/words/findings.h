/* Words of the first screen: the findings. */
