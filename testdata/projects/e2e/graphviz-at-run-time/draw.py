import graphviz
import numpy

dot = graphviz.Digraph()
dot.edge("a", "b", label=str(numpy.arange(2).sum()))
print(dot.pipe(format="plain", encoding="utf-8"))
