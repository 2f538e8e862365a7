def lp_pool(x, order, size, strides, dilation):
    """The root of the sum of powers in each window of an image."""
    windows = F.unfold(x.abs() ** order, size, dilation, 0, strides)
    shape = [(whole - (kernel - 1) * step - 1) // stride + 1
             for whole, kernel, step, stride in zip(x.shape[2:], size, dilation, strides)]
    return windows.reshape(len(x), x.shape[1], -1, *shape).sum(2) ** (1 / order)
