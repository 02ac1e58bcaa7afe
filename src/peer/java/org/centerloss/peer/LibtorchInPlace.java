package org.centerloss.peer;

import static org.bytedeco.pytorch.global.torch.ScalarType;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The losses alone in libtorch, gradients written out by hand and the two full matrices reused in
 * place: about the best that can be had without a kernel of one's own.
 */
final class LibtorchInPlace implements Contender {
    LibtorchInPlace(int threads) {
        set_num_threads(threads);
    }

    @Override
    public Task plan(Workload workload) {
        if (workload.kind() != Workload.Kind.LOSSES) {
            throw new IllegalArgumentException("only the losses: " + workload);
        }
        return new Losses(workload);
    }

    @Override
    public void close() {}

    private static final class Losses implements Task {
        private final Tensor x;
        private final Tensor labels;
        private final Tensor centers;
        private final Tensor dx;
        private final Tensor dCenters;
        private double intra;
        private double inter;

        Losses(Workload workload) {
            x = Libtorch.samples(workload);
            labels = Libtorch.labels(workload);
            centers = Libtorch.centers(workload);
            dx = x.clone();
            dCenters = centers.clone();
        }

        @Override
        public void run() {
            double m = x.size(0);
            try (PointerScope scope = new PointerScope();
                    NoGradGuard guard = new NoGradGuard()) {
                Tensor square = x.square().sum(new long[] {1}, true, new ScalarTypeOptional());
                Tensor distance = x.mm(x.t()).mul_(new Scalar(-2.0)).add_(square).add_(square.t());
                Tensor weight = labels.unsqueeze(1).ne(labels.unsqueeze(0)).to(ScalarType.Float);
                distance.mul_(weight).add_(new Scalar(1.0));
                weight.div_(distance);
                inter = distance.log_().sum().item_float() / m;
                Tensor sums = weight.sum(new long[] {1}, true, new ScalarTypeOptional());
                Tensor pull = x.mul(sums).sub_(weight.mm(x));

                Tensor difference = x.sub(centers.index_select(0, labels));
                intra = difference.square().sum().item_float() / m;
                difference.mul_(new Scalar(2 / m));
                dCenters.zero_().index_add_(0, labels, difference, new Scalar(-1.0));
                dx.copy_(difference.sub_(pull, new Scalar(Workload.INTER_WEIGHT * 4 / m)));
            }
        }

        @Override
        public Map<String, Double> results() {
            return Map.of(
                    "intra",
                    intra,
                    "inter",
                    inter,
                    "|dx|",
                    (double) dx.norm().item_float(),
                    "|dc|",
                    (double) dCenters.norm().item_float());
        }

        @Override
        public void close() {}
    }
}
