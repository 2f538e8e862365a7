def average_pool(x, size, strides, dilation, pads, counted):
    """Each window's mean over what counts: the image, and `counted` around it. `pads` reach as far as the last window."""
    convolve = F.conv1d if x.dim() == 3 else F.conv2d
    channels = x.shape[1]
    ones = x.new_ones((1, 1, *size))
    sums = convolve(F.pad(x, pads), ones.expand(channels, 1, *size), None, strides, 0, dilation, channels)
    rest = [whole - part for whole, part in zip(pads, counted)]
    places = F.pad(F.pad(x.new_ones((1, 1, *x.shape[2:])), counted, value=1.0), rest)
    return sums / convolve(places, ones, None, strides, 0, dilation)
