class BatchNorm(nn.BatchNorm2d):
    """Normalises by the batch while it trains. As in Keras, its biased variance moves the average, of which `momentum` stays.

    Of several processes each has the statistics of its own share of the batch.
    """

    def forward(self, x):
        if self.training:
            axes = [0, *range(2, x.dim())]
            with torch.no_grad():
                self.running_mean.lerp_(x.mean(axes), 1 - self.momentum)
                self.running_var.lerp_(x.var(axes, unbiased=False), 1 - self.momentum)
            return F.batch_norm(x, None, None, self.weight, self.bias, True, 0, self.eps)
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, False, 0, self.eps)
