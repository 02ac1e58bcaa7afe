package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.centerloss.device.IntTensor;
import org.centerloss.device.op.ArgMax;

/** Logits of a few whole numbers tie often; the lowest index wins. */
public record ArgMaxCase(int samples, int classes, boolean ties) implements OpCase {
    public static List<OpCase> all() {
        int[][] shapes = {{1, 1}, {2, 31}, {33, 127}, {127, 2}, {257, 10}, {31, 257}};
        List<OpCase> cases = new ArrayList<>();
        for (int[] s : shapes) {
            cases.add(new ArgMaxCase(s[0], s[1], false));
            cases.add(new ArgMaxCase(s[0], s[1], true));
        }
        return cases;
    }

    @Override
    public String op() {
        return "arg max";
    }

    @Override
    public String shape() {
        return samples + "×" + classes + (ties ? ", ties" : "");
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        double[] logits = draw.normal(samples * classes, -10, 1);
        return new Inputs()
                .put("logits", ties ? Arrays.stream(logits).map(Math::rint).toArray() : logits);
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        ArgMax argMax = stage.own(stage.device().argMax(samples, classes));
        IntTensor prediction = stage.emptyIntegers(samples);
        argMax.forward(stage.plain(inputs.numbers("logits"), samples, classes), prediction);
        stage.put("prediction", prediction);
    }
}
