// Statements and operands in the body of a PTX function.
#include <algorithm>
#include <iterator>
#include <utility>

#include "ptx/parser.h"

namespace vgpu {

void PtxParser::body(PtxFunction& function) {
    expect("{");
    int depth = 1;
    while (depth > 0) {
        PtxStatement brace{};
        brace.line = peek().line;
        if (accept("{")) {
            brace.kind = PtxStatement::Kind::Open;
            function.body.push_back(brace);
            ++depth;
        } else if (accept("}")) {
            brace.kind = PtxStatement::Kind::Close;
            if (--depth > 0) {
                function.body.push_back(brace);
            }
        } else {
            statement(function);
        }
    }
}

void PtxParser::statement(PtxFunction& function) {
    PtxStatement result{};
    result.line = peek().line;
    if (accept(".loc")) {
        location();
        return;
    }
    if (accept(".pragma")) {
        next();
        expect(";");
        return;
    }
    result.source = source_;
    if (peek().kind == Token::Kind::Word && peek(1).text == ":") {
        result.kind = PtxStatement::Kind::Label;
        result.opcode = word();
        expect(":");
        if (accept(".branchtargets")) {
            result.kind = PtxStatement::Kind::Targets;
            do {
                result.operands.push_back(operand());
            } while (accept(","));
            expect(";");
        }
        function.body.push_back(std::move(result));
        return;
    }
    if (accept("@")) {
        result.guardNegated = accept("!");
        result.guard = word();
    }
    result.opcode = word();
    if (result.opcode[0] == '.') {
        result.kind = PtxStatement::Kind::Variable;
        static const char* const kSpaces[] = {".reg", ".shared", ".local", ".param"};
        if (std::find(std::begin(kSpaces), std::end(kSpaces), result.opcode) == std::end(kSpaces)) {
            invalid(result.line, "unknown directive '" + result.opcode + "'");
        }
        result.variable = variable(result.opcode.substr(1));
        while (accept(",")) {  // .reg .b32 %a, %b;
            function.body.push_back(result);
            result.variable.name = word();
        }
        expect(";");
        function.body.push_back(std::move(result));
        return;
    }
    result.kind = PtxStatement::Kind::Instruction;
    opcode_ = result.opcode;
    if (!is(";")) {
        do {
            result.operands.push_back(operand());
        } while (accept(","));
    }
    expect(";");
    opcode_.clear();
    function.body.push_back(std::move(result));
}

PtxOperand PtxParser::group(std::string_view close, PtxOperand::Kind kind) {
    PtxOperand result;
    result.kind = kind;
    while (!accept(close)) {
        result.parts.push_back(operand());
        if (!is(close)) {
            expect(",");
        }
    }
    return result;
}

PtxOperand PtxParser::operand() {
    PtxOperand result;
    if (accept("{")) {
        return group("}", PtxOperand::Kind::Vector);
    }
    if (accept("(")) {
        return group(")", PtxOperand::Kind::List);
    }
    if (accept("[")) {
        result.kind = PtxOperand::Kind::Address;
        if (peek().kind == Token::Kind::Word) {
            result.name = word();
            if (accept("+") || is("-")) {
                result.number = number();
            }
        } else {
            result.number = number();
        }
        expect("]");
        return result;
    }
    if (peek().kind == Token::Kind::Number || is("-")) {
        result.kind = PtxOperand::Kind::Number;
        result.number = number();
        return result;
    }
    result.negated = accept("!");
    result.name = word();
    if (accept("|")) {
        result.second = word();
    } else if (result.name == "generic" && accept("(")) {
        result.name = word();
        expect(")");
    }
    if (accept("+")) {
        result.number = number();
    }
    return result;
}

}  // namespace vgpu
