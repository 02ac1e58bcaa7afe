package org.centerloss.peer;

import static org.bytedeco.pytorch.global.torch.ScalarType;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/** PyTorch's C++ library; losses as PyTorch code writes them, gradients by autograd. */
final class Libtorch implements Contender {
    Libtorch(int threads) {
        set_num_threads(threads);
    }

    @Override
    public Task plan(Workload workload) {
        return switch (workload.kind()) {
            case TRAINING -> new Training(workload);
            case EVALUATION -> new Evaluation(workload);
            case LOSSES -> new Losses(workload);
        };
    }

    @Override
    public void close() {}

    static Tensor tensor(float[] values, long... shape) {
        return Tensor.create(values, shape);
    }

    static Tensor images(Workload workload) {
        return tensor(
                workload.images(),
                workload.batch(),
                Workload.CHANNELS,
                Workload.SIDE,
                Workload.SIDE);
    }

    static Tensor samples(Workload workload) {
        return tensor(workload.samples(), workload.batch(), workload.features());
    }

    static Tensor centers(Workload workload) {
        return tensor(workload.centers(), Workload.CLASSES, workload.features());
    }

    static Tensor labels(Workload workload) {
        return Tensor.create(workload.labels(), workload.batch()).to(ScalarType.Long);
    }

    /** Center loss: the mean squared distance to the own class' center. */
    private static Tensor intra(Tensor x, Tensor labels, Tensor centers) {
        return x.sub(centers.index_select(0, labels))
                .square()
                .sum()
                .div(new Scalar((double) x.size(0)));
    }

    /** Log-inter: log(1 + d²) over pairs of different classes, through the full matrix of d². */
    private static Tensor inter(Tensor x, Tensor labels) {
        Tensor different = labels.unsqueeze(1).ne(labels.unsqueeze(0)).to(ScalarType.Float);
        Tensor square = x.square().sum(new long[] {1}, true, new ScalarTypeOptional());
        Tensor distance = square.add(square.t()).sub(x.mm(x.t()).mul(new Scalar(2.0)));
        return distance.mul(different).log1p().sum().div(new Scalar((double) x.size(0)));
    }

    private static Tensor standalone(Tensor intra, Tensor inter) {
        return intra.sub(inter.mul(new Scalar(Workload.INTER_WEIGHT)));
    }

    private static final class Training implements Task {
        private final LibtorchNetwork network;
        private final Tensor images;
        private final Tensor labels;
        private final Tensor centers;
        private final SGD optimizer;

        Training(Workload workload) {
            network = new LibtorchNetwork(Workload.CHANNELS, workload.features());
            images = images(workload);
            labels = labels(workload);
            centers = centers(workload).requires_grad_(true);
            network.parameters().push_back(centers);
            SGDOptions options = new SGDOptions(0.01);
            options.momentum().put(0.9);
            optimizer = new SGD(network.parameters(), options);
        }

        @Override
        public void run() {
            try (PointerScope scope = new PointerScope()) {
                optimizer.zero_grad();
                Tensor features = network.forward(images);
                Tensor loss = standalone(intra(features, labels, centers), inter(features, labels));
                loss.backward();
                optimizer.step();
                loss.item_float();
            }
        }

        @Override
        public Map<String, Double> results() {
            return Map.of("parameters", network.parameterCount());
        }

        @Override
        public void close() {}
    }

    private static final class Evaluation implements Task {
        private final LibtorchNetwork network;
        private final Tensor images;
        private final double parameters;

        Evaluation(Workload workload) {
            network = new LibtorchNetwork(Workload.CHANNELS, workload.features());
            network.evaluate();
            images = images(workload);
            parameters = network.parameterCount() + centers(workload).numel();
        }

        @Override
        public void run() {
            try (PointerScope scope = new PointerScope();
                    NoGradGuard guard = new NoGradGuard()) {
                network.forward(images).sum().item_float();
            }
        }

        @Override
        public Map<String, Double> results() {
            return Map.of("parameters", parameters);
        }

        @Override
        public void close() {}
    }

    private static final class Losses implements Task {
        private final Tensor x;
        private final Tensor labels;
        private final Tensor centers;
        private double intra;
        private double inter;

        Losses(Workload workload) {
            x = samples(workload).requires_grad_(true);
            labels = labels(workload);
            centers = centers(workload).requires_grad_(true);
        }

        @Override
        public void run() {
            try (PointerScope scope = new PointerScope()) {
                if (x.grad().defined()) {
                    x.mutable_grad().zero_();
                    centers.mutable_grad().zero_();
                }
                Tensor attraction = intra(x, labels, centers);
                Tensor repulsion = inter(x, labels);
                standalone(attraction, repulsion).backward();
                intra = attraction.item_float();
                inter = repulsion.item_float();
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
                    (double) x.grad().norm().item_float(),
                    "|dc|",
                    (double) centers.grad().norm().item_float());
        }

        @Override
        public void close() {}
    }
}
