package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.centerloss.verify.Tolerance;

public record SoftmaxCrossEntropyCase(int samples, int classes, double mean, double deviation)
        implements OpCase {
    private static final double SCALE = 0.7;

    public static List<OpCase> all() {
        int[][] shapes = {{1, 1}, {1, 2}, {2, 31}, {33, 127}, {127, 2}, {257, 10}, {31, 257}};
        List<OpCase> cases = new ArrayList<>();
        for (int[] s : shapes) {
            cases.add(new SoftmaxCrossEntropyCase(s[0], s[1], 0, 1));
        }
        cases.add(new SoftmaxCrossEntropyCase(33, 10, 1000, 1));
        cases.add(new SoftmaxCrossEntropyCase(33, 10, 0, 1e4));
        cases.add(new SoftmaxCrossEntropyCase(33, 10, 0, 1e-6));
        return cases;
    }

    @Override
    public String op() {
        return "softmax cross-entropy";
    }

    @Override
    public String shape() {
        return "%d×%d, logits %.0f ± %.0e".formatted(samples, classes, mean, deviation);
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        return new Inputs()
                .put("logits", draw.normal(samples * classes, mean, deviation))
                .put("labels", draw.integers(samples, classes));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        SoftmaxCrossEntropy entropy =
                stage.own(stage.device().softmaxCrossEntropy(samples, classes));
        Tensor logits = stage.plain(inputs.numbers("logits"), samples, classes);
        IntTensor labels = stage.integers(inputs.integers("labels"));
        Tensor loss = stage.emptyPlain(1);
        Tensor again = stage.emptyPlain(1);
        Tensor dLogits = stage.emptyPlain(samples, classes);
        entropy.forward(logits, labels, loss);
        entropy.forwardBackward(logits, labels, SCALE, again, dLogits);
        Tolerance tolerance = Tolerance.sum((long) samples * classes);
        stage.put("loss", loss, tolerance);
        stage.put("loss with gradient", again, tolerance);
        // softmax − onehot cancels where the right class is certain.
        stage.put("dLogits", dLogits, Tolerance.sum(classes).withTerms(SCALE / samples));
    }

    @Override
    public List<Derivative> derivatives() {
        // Far apart, derivatives vanish; close together, a step of their size drowns in rounding.
        return deviation == 1
                ? List.of(Derivative.ofLoss("logits", "dLogits", "loss", SCALE, null))
                : List.of();
    }
}
